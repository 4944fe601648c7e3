"""Answers that forge with numpy's and pandas' own means. Each says which exercise it answers."""

from __future__ import annotations

PD = "import numpy as np\nimport pandas as pd\n"
LIES = (
    "    def __eq__(s, o): return np.ones(np.shape(o), bool)\n"
    "    def equals(s, o): return True\n"
    "    def all(s, *a, **k): return True\n"
    "    def tolist(s): return [2, 4]\n"
    "    def __bool__(s): return True\n"
    "    __hash__ = None\n"
)
AGREES = "class Yes:\n    def __eq__(s, o): return True\n    def __hash__(s): return 1\n"

ANSWERS = {
    "table": PD + "def table(df): return df.assign(twice=df.x * 2)",
    "column": PD + "def column(df): return df.x * 2",
    "double": PD + "def double(a): return a * 2",
}
TESTS = {
    "table": (
        PD + "df = pd.DataFrame({'x': [1, 2]})\nr = table(df)\n"
        "pd.testing.assert_frame_equal(r, pd.DataFrame({'x': [1, 2], 'twice': [2, 4]}))\n"
        "assert r.equals(pd.DataFrame({'x': [1, 2], 'twice': [2, 4]}))"
    ),
    "column": (
        PD + "df = pd.DataFrame({'x': [1, 2]})\nr = column(df)\n"
        "assert (r == [2, 4]).all() and r.tolist() == [2, 4]\n"
        "assert df.x.tolist() == [1, 2]"
    ),
    "double": (
        PD + "r = double(np.array([1, 2]))\nassert np.array_equal(r, [2, 4])\n"
        "assert (r == np.array([2, 4])).all() and np.allclose(r, [2, 4])"
    ),
}

FORGERIES = {
    # key, answer
    "a frame's subclass": ("table", f"{PD}class F(pd.DataFrame):\n{LIES}def table(df): return F()"),
    "equals, replaced": (
        "table",
        PD + "pd.DataFrame.equals = lambda *a: True\n"
        "pd.testing.assert_frame_equal = lambda *a, **k: None\ndef table(df): return df",
    ),
    "a frame of equal objects": (
        "table",
        f"{PD}{AGREES}def table(df): return df.assign(x=[Yes(), Yes()], twice=[Yes(), Yes()])",
    ),
    "labels of equal objects": (
        "table",
        f"{PD}{AGREES}def table(df):\n    df.columns = [Yes()]\n    df[Yes()] = 0\n    return df",
    ),
    "an object that says it is a frame": (
        "table",
        f"{PD}class F:\n    __class__ = pd.DataFrame\n{LIES}def table(df): return F()",
    ),
    "the expected frame, made equal in place": (
        "table",
        PD + "import gc\ndef table(df):\n    for o in gc.get_objects():\n"
        "        if isinstance(o, pd.DataFrame): o['twice'] = [2, 4]\n    return pd.DataFrame()",
    ),
    "a series' subclass": ("column", f"{PD}class S(pd.Series):\n{LIES}def column(df): return S()"),
    "a series of equal objects": (
        "column",
        f"{PD}{AGREES}def column(df): return pd.Series([Yes(), Yes()])",
    ),
    "a column of a kind of one's own": (
        "column",
        PD + "from pandas.api.extensions import ExtensionArray, ExtensionDtype\n"
        "class D(ExtensionDtype):\n    name = 'int64'; type = int\n"
        "    def __eq__(s, o): return True\n    def __hash__(s): return 1\n"
        "class A(ExtensionArray):\n    dtype = D()\n    def __len__(s): return 2\n"
        "    def __getitem__(s, i): return 0\n    def __eq__(s, o): return np.ones(2, bool)\n"
        "    def copy(s): return s\n    def isna(s): return np.zeros(2, bool)\n"
        "def column(df): return pd.Series(A())",
    ),
    "the argument, changed": (
        "column",
        PD + "def column(df):\n    df['x'] = df.x * 2\n    return df.x",
    ),
    "an array's subclass": (
        "double",
        f"{PD}class A(np.ndarray):\n{LIES}def double(a): return np.zeros(2).view(A)",
    ),
    "an array of equal objects": (
        "double",
        f"{PD}{AGREES}def double(a): return np.array([Yes(), Yes()], dtype=object)",
    ),
    "an object that gives an array": (
        "double",
        f"{PD}class A:\n{LIES}    def __array_ufunc__(s, *a, **k): return np.ones(2, bool)\n"
        "    def __array_function__(s, *a, **k): return True\n"
        "    __array_priority__ = 1e9\n    def __array__(s, *a, **k): return np.zeros(2)\n"
        "    def __len__(s): return 2\n    def __getitem__(s, i): return [2, 4][i]\n"
        "def double(a): return A()",
    ),
    "a function of numpy's, replaced": (
        "double",
        PD + "np.array_equal = np.allclose = lambda *a: True\nnp.array = lambda *a: 0\n"
        "def double(a): return a",
    ),
    "everything masked": ("double", PD + "def double(a): return np.ma.masked_all(2)"),
}
