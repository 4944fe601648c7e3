"""Odd but honest tests of what lies around a function: streams, chance, names, arrays."""

from __future__ import annotations

from patterns import SHAPES, Pattern

AROUND = {
    "printing": Pattern(
        "def hello(n): print('Hello', n)",
        "import io, contextlib\nout = io.StringIO()\n"
        "with contextlib.redirect_stdout(out): hello('A')\n"
        "assert out.getvalue() == 'Hello A\\n'",
    ),
    "printing to a replaced stream": Pattern(
        "def hello(): print('x')",
        "import io, sys\nold, sys.stdout = sys.stdout, io.StringIO()\nhello()\n"
        "text, sys.stdout = sys.stdout.getvalue(), old\nassert text == 'x\\n'",
    ),
    "printing to a file that is passed in": Pattern(
        "def write(f): print('x', file=f)",
        "import io\nf = io.StringIO()\nwrite(f)\nassert f.getvalue() == 'x\\n'",
    ),
    "input, patched": Pattern(
        "def ask(): return int(input('n? ')) + 1",
        "from unittest.mock import patch\nwith patch('builtins.input', return_value='4'):\n"
        "    assert ask() == 5",
    ),
    "input from a replaced stream": Pattern(
        "def ask(): return input() + input()",
        "import io, sys\nsys.stdin = io.StringIO('a\\nb\\n')\nassert ask() == 'ab'",
    ),
    "print, patched": Pattern(
        "def f(): print('a', 1)",
        "from unittest.mock import patch\nwith patch('builtins.print') as p: f()\n"
        "p.assert_called_with('a', 1)",
    ),
    "a seed": Pattern(
        "import random\ndef roll(): return random.randint(1, 10 ** 9)",
        "import random\nrandom.seed(5)\na = roll()\nrandom.seed(5)\nassert a == roll()\n"
        "random.seed(7)\nwant = random.randint(1, 10 ** 9)\nrandom.seed(7)\nassert roll() == want",
    ),
    "random, patched": Pattern(
        "import random\ndef roll(): return random.randint(1, 6)",
        "from unittest.mock import patch\nwith patch('random.randint', return_value=3):\n"
        "    assert roll() == 3\nassert 1 <= roll() <= 6",
    ),
    "sleep, patched": Pattern(
        "import time\ndef wait(): time.sleep(60); return 1",
        "from unittest.mock import patch\nwith patch('time.sleep') as s: assert wait() == 1\n"
        "s.assert_called_once_with(60)",
    ),
    "a function of the answer, patched": Pattern(
        "def low(): return 1\ndef high(): return low() + 1",
        "from unittest.mock import patch\n"
        "with patch('__main__.low', return_value=5): assert high() == 6\n"
        "assert high() == 2",
    ),
    "a global name": Pattern(
        "n = 0\ndef step():\n    global n\n    n += 1", "step(); step()\nassert n == 2"
    ),
    "a global name that the test sets": Pattern(
        "rate = 2\ndef cost(x): return x * rate", "rate = 5\nassert cost(2) == 10"
    ),
    "plain values": Pattern(
        "x = 3\ny = [1, (2, {'a': None})]", "assert x == 3 and y == [1, (2, {'a': None})]"
    ),
    "numbers of every kind": Pattern(
        "from fractions import Fraction\nfrom decimal import Decimal\n"
        "def f(): return [2 ** 200, -0.0, float('inf'), 1j, Fraction(1, 3), Decimal('1.10')]",
        "import math\nr = f()\nassert r[0] == 2 ** 200 and math.copysign(1, r[1]) == -1\n"
        "assert r[2] == math.inf and r[3] == 1j and r[4] * 3 == 1 and str(r[5]) == '1.10'",
    ),
    "dates": Pattern(
        "from datetime import date, timedelta\ndef next_day(d): return d + timedelta(days=1)",
        "from datetime import date\nassert next_day(date(2024, 2, 28)) == date(2024, 2, 29)",
    ),
    "text of every kind": Pattern(
        "def f(s): return s + '\\ud800\\0é'",
        "assert f('a') == 'a\\ud800\\0é' and f('').__len__() == 3",
    ),
    "await": Pattern(
        "import asyncio\nasync def f(x):\n    await asyncio.sleep(0)\n    return x + 1",
        "assert await f(1) == 2",
    ),
    "asyncio.run": Pattern(
        "async def f(x): return x + 1", "import asyncio\nassert asyncio.run(f(1)) == 2"
    ),
    "asyncio.gather": Pattern(
        "async def f(x): return x + 1",
        "import asyncio\nassert await asyncio.gather(f(1), f(2)) == [2, 3]",
    ),
    "recursion": Pattern(
        "def fact(n): return 1 if n < 2 else n * fact(n - 1)",
        "assert fact(5) == 120 and fact(200) > 1",
    ),
    "a memory of calls": Pattern(
        "from functools import lru_cache\n@lru_cache\n"
        "def fib(n): return n if n < 2 else fib(n-1) + fib(n-2)",
        "assert fib(30) == 832040 and fib.cache_info().hits > 0",
    ),
    "attributes of a function": Pattern(
        "def f(): f.calls += 1\nf.calls = 0", "f(); f()\nassert f.calls == 2"
    ),
    "names that are there": Pattern(
        "answer = 1", "assert 'answer' in globals() and 'other' not in globals()"
    ),
    "a loop of calls": Pattern(
        "def f(x): return x + 1", "assert all(f(n) == n + 1 for n in range(3000))"
    ),
    "comprehensions and inner functions": Pattern(
        "def f(x): return x * 2",
        "def check(n): return f(n) == 2 * n\nclass T:\n    x = f(1)\nassert T.x == 2\n"
        "assert {n: f(n) for n in range(2)} == {0: 0, 1: 2} and check(3)",
    ),
    "unittest": Pattern(
        "def f(x): return x",
        "import unittest\nclass T(unittest.TestCase):\n"
        "    def test_f(self): self.assertEqual(f(1), 1)\n"
        "r = unittest.TextTestRunner(stream=__import__('io').StringIO()).run("
        "unittest.defaultTestLoader.loadTestsFromTestCase(T))\nassert r.wasSuccessful()",
    ),
    "warnings": Pattern(
        "import warnings\ndef f(): warnings.warn('old', DeprecationWarning)",
        "import warnings\nwith warnings.catch_warnings(record=True) as w:\n"
        "    warnings.simplefilter('always')\n    f()\nassert len(w) == 1",
        "shared",
    ),
    "a file that the answer writes": Pattern(
        "def save(p): open(p, 'w').write('x')",
        "save('/tmp/out.txt')\nassert open('/tmp/out.txt').read() == 'x'",
        "shared",
    ),
    "a class that inherits from the answer's": Pattern(
        SHAPES,
        "class Line(Shape):\n    def area(self): return 0\nassert Line().double == 0",
        "shared",
    ),
    "the answer's text": Pattern(
        "def f(): return 1", "import inspect\nassert 'return' in inspect.getsource(f)", "shared"
    ),
    "magics": Pattern("x = 1", "%timeit -n1 -r1 x", "shared"),
    "arrays": Pattern(
        "import numpy as np\ndef norm(v): return np.sqrt((v ** 2).sum())",
        "import numpy as np\nassert np.isclose(norm(np.array([3., 4.])), 5)",
    ),
    "arrays as results": Pattern(
        "import numpy as np\ndef double(a): return a * 2",
        "import numpy as np\nr = double(np.arange(6).reshape(2, 3))\nassert r.shape == (2, 3)\n"
        "assert isinstance(r, np.ndarray)\nnp.testing.assert_array_equal(r[1], [6, 8, 10])",
    ),
    "an array changed in place": Pattern(
        "import numpy as np\ndef zero(a): a[0] = 0", "a = np.ones(3)\nzero(a)\nassert a.sum() == 2"
    ),
    "numpy's seed": Pattern(
        "import numpy as np\ndef draw(): return np.random.rand()",
        "np.random.seed(1)\na = draw()\nnp.random.seed(1)\nassert a == draw() == 0.417022004702574",
    ),
}
