"""Odd but honest tests of numpy's arrays and pandas' frames: in, out, and changed in place."""

from __future__ import annotations

from patterns import Pattern

NP = "import numpy as np\n"
PD = "import numpy as np\nimport pandas as pd\n"
SALES = (
    PD + "df = pd.DataFrame({'shop': ['a', 'b', 'a'], 'sold': [1, 2, 3]})\n"
    "from pandas.testing import assert_frame_equal, assert_series_equal\n"
)

ARRAYS = {
    "numpy's own tests": Pattern(
        NP + "def unit(v): return v / np.linalg.norm(v)",
        NP + "np.testing.assert_allclose(unit(np.array([3., 4.])), [.6, .8], rtol=1e-9)\n"
        "np.testing.assert_array_almost_equal(unit(np.ones(4)), np.full(4, .5))",
    ),
    "an array's kind and missing numbers": Pattern(
        NP + "def fill(a): return np.where(np.isnan(a), 0, a).astype(np.float32)",
        NP + "r = fill(np.array([1, np.nan]))\nassert r.dtype == np.float32\n"
        "assert not np.isnan(r).any() and r.tolist() == [1, 0]",
    ),
    "rows of an array changed in place": Pattern(
        NP + "def swap(a): a[[0, 1]] = a[[1, 0]]",
        NP + "a = np.arange(4).reshape(2, 2)\nswap(a)\nassert (a == [[2, 3], [0, 1]]).all()",
    ),
    "a generator of random numbers passed in": Pattern(
        NP + "def draw(rng, n): return rng.normal(size=n)",
        NP + "got = draw(np.random.default_rng(3), 4)\n"
        "np.testing.assert_array_equal(got, np.random.default_rng(3).normal(size=4))",
    ),
    "a generator of random numbers inside": Pattern(
        NP + "def draw(seed): return np.random.default_rng(seed).integers(0, 99, 5)",
        NP + "assert (draw(1) == np.random.default_rng(1).integers(0, 99, 5)).all()\n"
        "assert (draw(1) == draw(1)).all() and (draw(1) != draw(2)).any()",
    ),
    "a function over an array": Pattern(
        NP + "def slope(f, x, h=1e-6): return (f(x + h) - f(x - h)) / (2 * h)",
        NP + "x = np.linspace(0, 3, 7)\nassert np.allclose(slope(np.sin, x), np.cos(x), atol=1e-6)",
    ),
    "numpy's functions passed in": Pattern(
        NP + "def apply(f, a): return f(a)\ndef pick(up): return np.ceil if up else np.floor",
        NP + "assert apply(np.sqrt, np.array([4.])) == [2] and apply(np.sum, np.ones(3)) == 3\n"
        "assert pick(True) is np.ceil and pick(False)(1.5) == 1",
    ),
    "a masked array": Pattern(
        NP + "def valid(a): return np.ma.masked_less(a, 0)",
        NP + "r = valid(np.array([1, -1, 3]))\nassert r.sum() == 4 and r.mask.tolist()[1]",
    ),
    "a polynomial fitted": Pattern(
        NP + "def fit(x, y): return np.polyfit(x, y, 1)",
        NP + "slope, start = fit(np.arange(4), 2 * np.arange(4) + 1)\n"
        "assert np.isclose([slope, start], [2, 1]).all()",
    ),
    "a table of several kinds": Pattern(
        NP + "def people(): return np.array([('a', 3)], dtype=[('name', 'U9'), ('age', 'i4')])",
        NP + "r = people()\nassert r['age'].sum() == 3 and r.dtype.names == ('name', 'age')",
    ),
    "arrays in a dictionary": Pattern(
        NP + "def moments(a): return {'mean': a.mean(), 'parts': (a.min(), [a.max()])}",
        NP + "m = moments(np.arange(5))\nassert m['mean'] == 2 and m['parts'] == (0, [4])\n"
        "assert isinstance(m['mean'], np.floating)",
    ),
    "days as an array": Pattern(
        NP + "def days(a): return a + np.timedelta64(1, 'D')",
        NP + "a = np.array(['2024-02-28', 'NaT'], dtype='datetime64[D]')\nr = days(a)\n"
        "assert str(r[0]) == '2024-02-29' and np.isnat(r[1])",
    ),
    "an array that is a global name": Pattern(
        NP + "weights = np.zeros(3)\ndef learn(): weights[:] += 1",
        "learn(); learn()\nassert weights.sum() == 6 and weights.shape == (3,)",
    ),
}

FRAMES = {
    "a frame as a result": Pattern(
        PD + "def big(df): return df[df.sold > 1]",
        SALES + "r = big(df)\nassert list(r.index) == [1, 2] and isinstance(r, pd.DataFrame)\n"
        "assert_frame_equal(r, df.iloc[1:])",
    ),
    "a frame made from nothing": Pattern(
        PD + "def table(): return pd.DataFrame({'x': [1, 2], 'y': ['a', None]})",
        PD + "r = table()\nassert r.shape == (2, 2) and list(r.columns) == ['x', 'y']\n"
        "assert r.y.isna().tolist() == [False, True] and r['x'].dtype == 'int64'",
    ),
    "a frame with a column more": Pattern(
        PD + "def taxed(df): df['tax'] = df['sold'] * .2",
        SALES + "assert taxed(df) is None\nassert np.allclose(df.tax, [.2, .4, .6])",
    ),
    "a frame's cells changed in place": Pattern(
        PD + "def cap(df): df.loc[df.sold > 2, 'sold'] = 2",
        SALES + "same = df\ncap(df)\nassert same.sold.tolist() == [1, 2, 2]",
    ),
    "a frame's labels changed in place": Pattern(
        PD + "def tidy(df):\n    df.columns = df.columns.str.upper()\n    df.index = df['SHOP']",
        SALES + "tidy(df)\nassert list(df.columns) == ['SHOP', 'SOLD']\n"
        "assert df.index.name == 'SHOP' and df.loc['b', 'SOLD'] == 2",
    ),
    "a frame that is left alone": Pattern(
        PD + "def ranked(df):\n    out = df.copy()\n    out['rank'] = out.sold.rank()\n"
        "    return out",
        SALES + "before = df.copy()\nr = ranked(df)\nassert_frame_equal(df, before)\n"
        "assert r is not df and r['rank'].tolist() == [1, 2, 3]",
    ),
    "the same frame back": Pattern(
        PD + "def same(df):\n    df['n'] = range(len(df))\n    return df",
        SALES + "r = same(df)\nassert r is df and df.n.sum() == 3",
    ),
    "groups of a frame": Pattern(
        PD + "def per_shop(df): return df.groupby('shop')['sold'].sum()",
        SALES + "r = per_shop(df)\nassert r['a'] == 4 and r.loc['b'] == 2 and r.name == 'sold'\n"
        "assert_series_equal(r, df.groupby('shop').sold.sum())",
    ),
    "groups with several numbers": Pattern(
        PD + "def stats(df): return df.groupby('shop').agg(n=('sold', 'size'), m=('sold', 'mean'))",
        SALES + "r = stats(df)\nassert r.loc['a'].to_dict() == {'n': 2, 'm': 2}\n"
        "assert r.index.name == 'shop' and r.m.dtype == float",
    ),
    "groups that the test walks through": Pattern(
        PD + "def groups(df): return {name: part for name, part in df.groupby('shop')}",
        SALES + "r = groups(df)\nassert sorted(r) == ['a', 'b'] and r['a'].sold.tolist() == [1, 3]",
    ),
    "a function for each row": Pattern(
        PD + "def apply(df, f): return df.apply(f, axis=1)",
        SALES + "r = apply(df, lambda row: f'{row.shop}{row.sold}')\n"
        "assert r.tolist() == ['a1', 'b2', 'a3']",
    ),
    "a function of the answer for each value": Pattern(
        PD + "def half(x): return x / 2",
        SALES + "assert df.sold.map(half).tolist() == [.5, 1, 1.5]\n"
        "assert df.assign(h=lambda d: half(d.sold)).h.sum() == 3",
    ),
    "a series in and out": Pattern(
        PD + "def scale(s): return (s - s.mean()) / s.std()",
        PD + "r = scale(pd.Series([1., 2, 3], index=list('abc'), name='x'))\n"
        "pd.testing.assert_series_equal(r, pd.Series([-1., 0, 1], index=list('abc'), name='x'))",
    ),
    "a series changed in place": Pattern(
        PD + "def clip(s): s[s < 0] = 0",
        PD + "s = pd.Series([1, -2, 3])\nclip(s)\nassert s.tolist() == [1, 0, 3]",
    ),
    "missing values": Pattern(
        PD + "def clean(df): return df.dropna(subset=['x']).fillna({'y': 0})",
        PD + "df = pd.DataFrame({'x': [1, None, 3], 'y': [None, 2, np.nan]})\nr = clean(df)\n"
        "assert r.y.tolist() == [0, 0] and not r.isna().any().any() and df.isna().sum().sum() == 3",
    ),
    "numbers and truths that may be missing": Pattern(
        PD + "def flag(df): return df.assign(ok=(df.n > 1).astype('boolean'))",
        PD + "df = pd.DataFrame({'n': pd.array([1, None, 3], dtype='Int64')})\nr = flag(df)\n"
        "assert str(r.n.dtype) == 'Int64' and r.ok.dtype == 'boolean'\n"
        "assert r.n[1] is pd.NA and r.ok.sum() == 1",
    ),
    "days and times": Pattern(
        PD + "def by_month(df):\n    df = df.assign(day=pd.to_datetime(df.day))\n"
        "    return df.set_index('day').resample('MS').v.sum()",
        PD + "df = pd.DataFrame({'day': ['2024-01-05', '2024-01-07', '2024-03-01'], "
        "'v': [1, 2, 3]})\n"
        "r = by_month(df)\nassert r.tolist() == [3, 0, 3] and r.index.freqstr == 'MS'\n"
        "assert r.index[0] == pd.Timestamp('2024-01-01') and r.index.month.tolist() == [1, 2, 3]",
    ),
    "moments with a zone, and spans": Pattern(
        PD + "def local(s): return s.dt.tz_localize('UTC').dt.tz_convert('Europe/Vienna')\n"
        "def longest(s): return s.diff().max()",
        PD + "s = pd.Series(pd.to_datetime(['2024-01-01 12:00', '2024-07-01 12:00']))\n"
        "assert local(s).dt.hour.tolist() == [13, 14]\n"
        "assert longest(s) == pd.Timedelta(days=182) and isinstance(longest(s), pd.Timedelta)",
    ),
    "categories": Pattern(
        PD + "def grade(s): return pd.Categorical(s, ['low', 'high'], ordered=True)\n"
        "def kinds(df): df['k'] = df['k'].astype('category'); return df",
        PD + "r = pd.Series(grade(['high', 'low']))\nassert r.max() == 'high'\n"
        "k = kinds(pd.DataFrame({'k': list('aba')})).k\n"
        "assert k.cat.categories.tolist() == ['a', 'b'] and k.cat.codes.tolist() == [0, 1, 0]",
    ),
    "intervals": Pattern(
        PD + "def cut(s): return pd.cut(s, [0, 2, 4])",
        PD + "r = cut(pd.Series([1, 3, 9]))\nassert r.isna().tolist() == [False, False, True]\n"
        "assert r[0] == pd.Interval(0, 2) and r.value_counts()[pd.Interval(2, 4)] == 1",
    ),
    "labels of several levels": Pattern(
        PD + "def levels(df): return df.set_index(['shop', 'day']).sort_index()",
        PD + "df = pd.DataFrame({'shop': list('ba'), 'day': [1, 2], 'v': [3., 4.]})\n"
        "r = levels(df)\nassert r.index.names == ['shop', 'day'] and r.loc[('a', 2), 'v'] == 4\n"
        "assert isinstance(r.index, pd.MultiIndex) and r.index.nlevels == 2",
    ),
    "columns of several levels": Pattern(
        PD + "def pivot(df): return df.pivot_table(index='a', columns='b', values=['v'], "
        "aggfunc=['sum', 'mean'])",
        PD + "df = pd.DataFrame({'a': [1, 1, 2], 'b': list('xyx'), 'v': [1, 2, 3]})\n"
        "want = df.pivot_table(index='a', columns='b', values=['v'], aggfunc=['sum', 'mean'])\n"
        "pd.testing.assert_frame_equal(pivot(df), want)\n"
        "assert pivot(df)[('sum', 'v', 'x')][2] == 3",
    ),
    "frames joined": Pattern(
        PD + "def join(a, b): return a.merge(b, on='k', how='left', validate='m:1')",
        PD + "a = pd.DataFrame({'k': [1, 2, 1]})\nb = pd.DataFrame({'k': [1], 'v': ['x']})\n"
        "assert join(a, b).v.tolist()[::2] == ['x', 'x'] and join(a, b).v.isna()[1]",
    ),
    "frames in a list": Pattern(
        PD + "def glue(parts): return pd.concat(parts, ignore_index=True)",
        SALES + "parts = [df, df.assign(sold=9)]\nr = glue(parts)\n"
        "assert len(r) == 6 and r.index.equals(pd.RangeIndex(6)) and r.sold.max() == 9",
    ),
    "a frame in a global name": Pattern(
        PD + "table = pd.DataFrame({'x': [1, 2, 3]})\nmean = table['x'].mean()",
        PD + "assert table.shape == (3, 1) and (table > 0).all().all() and mean == 2\n"
        "assert table.equals(pd.DataFrame({'x': [1, 2, 3]})) and table.x.dtype.kind == 'i'",
    ),
    "a frame as text": Pattern(
        PD + "import io\ndef read(text): return pd.read_csv(io.StringIO(text))\n"
        "def write(df): return df.to_csv(index=False)",
        PD + "import io\nr = read('a,b\\n1,x\\n')\nassert r.a[0] == 1 and r.b[0] == 'x'\n"
        "assert write(r) == 'a,b\\n1,x\\n' and list(read('a,b\\n').columns) == ['a', 'b']",
    ),
    "a frame's error": Pattern(
        PD + "def column(df, name): return df[name]",
        SALES + "try: column(df, 'none')\nexcept KeyError as e: assert 'none' in str(e)\n"
        "else: assert False\nassert column(df, 'sold').sum() == 6",
    ),
    "objects of the answer in a frame": Pattern(
        PD + "class Shop:\n    def __init__(self, name): self.name = name\n"
        "def table(): return pd.DataFrame({'shop': [Shop('a'), Shop('b')]})",
        PD + "r = table()\nassert [s.name for s in r.shop] == ['a', 'b']\n"
        "assert isinstance(r.shop[0], Shop) and r.dtypes['shop'] == object",
    ),
}
