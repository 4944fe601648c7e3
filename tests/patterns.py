"""Odd but honest tests of what the language has: values, functions, classes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Pattern:
    solution: str
    test: str
    mode: str = "isolated"


STACK = """class Stack:
    def __init__(self, items=()): self.items = list(items)
    def push(self, x): self.items.append(x); return self
    def pop(self):
        if not self.items: raise IndexError('empty')
        return self.items.pop()
    def __len__(self): return len(self.items)
    def __contains__(self, x): return x in self.items
    def __eq__(self, other): return isinstance(other, Stack) and self.items == other.items
    def __iter__(self): return iter(self.items)
    def __repr__(self): return f'Stack({self.items})'"""
VECTOR = """class Vector:
    def __init__(self, x, y): self.x, self.y = x, y
    def __add__(self, o): return Vector(self.x + o.x, self.y + o.y)
    def __rmul__(self, k): return Vector(k * self.x, k * self.y)
    def __eq__(self, o): return (self.x, self.y) == (o.x, o.y)
    def __hash__(self): return hash((self.x, self.y))
    def __lt__(self, o): return self.x < o.x
    def __abs__(self): return (self.x**2 + self.y**2) ** .5
    def __neg__(self): return Vector(-self.x, -self.y)
    def __getitem__(self, i): return (self.x, self.y)[i]"""
SHAPES = """from abc import ABC, abstractmethod
class Shape(ABC):
    sides = 0
    @abstractmethod
    def area(self): ...
    @classmethod
    def named(cls): return cls.__name__
    @staticmethod
    def unit(): return 'cm'
    @property
    def double(self): return 2 * self.area()
class Square(Shape):
    sides = 4
    def __init__(self, a): self.a = a
    def area(self): return self.a ** 2"""
ERRORS = """class Broke(ValueError):
    def __init__(self, need, have): super().__init__(f'need {need}, have {have}'); self.need = need
def pay(have, need):
    if need > have: raise Broke(need, have)
    return have - need"""
GENERATOR = """def count(n):
    while n:
        got = yield n
        n = n - 1 if got is None else got
    return 'done'"""

LANGUAGE = {
    "a list changed in place": Pattern(
        "def add(xs, x): xs.append(x)", "a = [1]\nassert add(a, 2) is None and a == [1, 2]"
    ),
    "a dictionary changed in place": Pattern(
        "def tag(d): d['k'] = d.get('k', 0) + 1", "d = {}\ntag(d); tag(d)\nassert d == {'k': 2}"
    ),
    "a nested list changed in place": Pattern(
        "def fill(m): m[1][0] = 9", "m = [[0, 0], [0, 0]]\nr = m[1]\nfill(m)\nassert r == [9, 0]"
    ),
    "a set changed in place": Pattern(
        "def drop(s): s.discard(1)", "s = {1, 2}\ndrop(s)\nassert s == {2}"
    ),
    "sorted in place": Pattern(
        "def order(a): a.sort()", "a = [3, 1]\norder(a)\nassert a == [1, 3]"
    ),
    "the same list back": Pattern("def same(a): return a", "a = [1]\nassert same(a) is a"),
    "a new list, not the same": Pattern(
        "def copy(a): return list(a)",
        "a = [1]\nb = copy(a)\nb.append(2)\nassert a == [1] and b is not a",
    ),
    "an alias in a result": Pattern(
        "def twice(a): return [a, a]", "r = twice([])\nr[0].append(1)\nassert r[1] == [1]"
    ),
    "a cycle": Pattern(
        "def knot():\n    a = [1]; a.append(a); return a", "a = knot()\nassert a[1] is a"
    ),
    "a bytearray": Pattern(
        "def zero(b): b[0] = 0", "b = bytearray(b'ab')\nzero(b)\nassert b == b'\\0b'"
    ),
    "a deque": Pattern(
        "from collections import deque\ndef turn(d): d.rotate(1); return d",
        "from collections import deque\nd = deque([1, 2, 3], maxlen=3)\n"
        "assert list(turn(d)) == [3, 1, 2]",
    ),
    "a Counter": Pattern(
        "from collections import Counter\ndef letters(t): return Counter(t)",
        "assert letters('aab')['a'] == 2 and letters('aab').most_common(1) == [('a', 2)]",
    ),
    "a defaultdict": Pattern(
        "from collections import defaultdict\ndef group(ws):\n    d = defaultdict(list)\n"
        "    for w in ws: d[w[0]].append(w)\n    return d",
        "g = group(['ab', 'ac', 'b'])\nassert g['a'] == ['ab', 'ac'] and g['z'] == []",
    ),
    "an exception": Pattern(
        "def root(x):\n    if x < 0: raise ValueError('negative')\n    return x ** .5",
        "try:\n    root(-1)\nexcept ValueError as e:\n    assert 'negative' in str(e)\n"
        "else:\n    assert False\nassert root(4) == 2",
    ),
    "an exception of one's own": Pattern(
        ERRORS,
        "try:\n    pay(1, 5)\nexcept Broke as e:\n    assert isinstance(e, ValueError)\n"
        "    assert e.need == 5 and str(e) == 'need 5, have 1' and type(e) is Broke\n"
        "else:\n    assert False\nassert issubclass(Broke, ValueError) and pay(5, 1) == 4",
    ),
    "a cause": Pattern(
        "def f():\n    try: 1 / 0\n    except ZeroDivisionError as e: raise ValueError('x') from e",
        "try: f()\nexcept ValueError as e: assert isinstance(e.__cause__, ZeroDivisionError)\n"
        "else: assert False",
    ),
    "an assertion in the answer": Pattern(
        "def dot(a, b):\n    assert len(a) == len(b)\n    return sum(x * y for x, y in zip(a, b))",
        "try: dot([1], [])\nexcept AssertionError: pass\nelse: raise RuntimeError\n"
        "assert dot([1], [2]) == 2",
    ),
    "unittest's assertRaises": Pattern(
        "def f(): raise KeyError('k')",
        "import unittest\nt = unittest.TestCase()\nwith t.assertRaises(KeyError): f()\n"
        "t.assertEqual(1, 1)",
    ),
    "a call-back": Pattern(
        "def apply(f, xs): return [f(x) for x in xs]",
        "seen = []\nassert apply(lambda x: seen.append(x) or x * 2, [1, 2]) == [2, 4]\n"
        "assert seen == [1, 2]",
    ),
    "a call-back that raises": Pattern(
        "def safe(f):\n    try: return f()\n    except ZeroDivisionError: return None",
        "assert safe(lambda: 1 / 0) is None",
    ),
    "gradient descent": Pattern(
        "def gd(g, x, lr=0.1, steps=100):\n"
        "    for _ in range(steps): x = x - lr * g(x)\n    return x",
        "assert abs(gd(lambda x: 2 * (x - 3), 0.0) - 3) < 1e-3",
    ),
    "a decorator": Pattern(
        "def twice(f):\n    def g(*a, **k): return f(f(*a, **k))\n    return g",
        "@twice\ndef inc(x): return x + 1\nassert inc(1) == 3",
    ),
    "a closure with a state": Pattern(
        "def counter():\n    n = 0\n    def step():\n"
        "        nonlocal n; n += 1; return n\n    return step",
        "a, b = counter(), counter()\nassert [a(), a(), b()] == [1, 2, 1]",
    ),
    "functions compared and named": Pattern(
        "def f(a, b=2, *c, d: int, **e) -> str:\n    'Doc.'",
        "import inspect\nassert f.__name__ == 'f' and f.__doc__ == 'Doc.'\n"
        "p = inspect.signature(f).parameters\nassert list(p) == list('abcde')\n"
        "assert p['b'].default == 2 and p['d'].annotation is int and callable(f)\n"
        "assert f.__annotations__['return'] is str and inspect.isfunction(f)",
    ),
    "a built-in passed in": Pattern(
        "def use(f, xs): return f(xs)", "assert use(sum, [1, 2]) == 3 and use(len, 'ab') == 2"
    ),
    "a type passed in": Pattern(
        "def convert(xs, kind): return [kind(x) for x in xs]",
        "assert convert(['1', '2'], int) == [1, 2]",
    ),
    "keyword arguments": Pattern(
        "def f(*, a, b=1): return a - b", "assert f(a=3) == 2 and f(b=0, a=1) == 1"
    ),
    "a generator": Pattern(
        GENERATOR,
        "import types\ng = count(3)\nassert isinstance(g, types.GeneratorType)\n"
        "assert next(g) == 3 and list(g) == [2, 1] and list(count(0)) == []",
    ),
    "a generator that is sent to": Pattern(
        GENERATOR, "g = count(3)\nnext(g)\nassert g.send(7) == 7\ng.close()\nassert list(g) == []"
    ),
    "a generator without end": Pattern(
        "def naturals():\n    n = 0\n    while True:\n        yield n; n += 1",
        "from itertools import islice\nassert list(islice(naturals(), 4)) == [0, 1, 2, 3]",
    ),
    "a generator passed in": Pattern(
        "def total(xs): return sum(xs)", "assert total(x for x in [1, 2]) == 3"
    ),
    "map and zip": Pattern(
        "def pairs(a, b): return zip(a, b)\ndef up(xs): return map(str.upper, xs)",
        "assert list(pairs([1], [2])) == [(1, 2)] and list(up(['a'])) == ['A']\n"
        "assert isinstance(up([]), map)",
    ),
    "a context manager": Pattern(
        "class Door:\n    def __enter__(self): self.open = True; return self\n"
        "    def __exit__(self, *e): self.open = False; return False",
        "with Door() as d: assert d.open is True\nassert d.open is False",
    ),
    "a context manager that swallows": Pattern(
        "from contextlib import contextmanager\n@contextmanager\ndef quiet(kind):\n"
        "    try: yield\n    except kind: pass",
        "with quiet(ValueError): raise ValueError\n"
        "try:\n    with quiet(ValueError): raise KeyError\nexcept KeyError: pass\n"
        "else: assert False",
    ),
    "a class": Pattern(
        STACK,
        "s = Stack([1])\ns.push(2).push(3)\nassert len(s) == 3 and 2 in s and 9 not in s\n"
        "assert s.pop() == 3 and list(s) == [1, 2] and repr(s) == 'Stack([1, 2])'\n"
        "assert s == Stack([1, 2]) and s != Stack() and isinstance(s, Stack) and type(s) is Stack\n"
        "s.items.append(7)\nassert s.pop() == 7",
    ),
    "operators": Pattern(
        VECTOR,
        "v = Vector(3, 4)\nassert v + Vector(1, 1) == Vector(4, 5) and abs(v) == 5\n"
        "assert 2 * v == Vector(6, 8) and (-v).x == -3 and v[1] == 4\n"
        "assert sorted([v, Vector(1, 9)])[0].x == 1 and Vector(3, 4) in {v}\n"
        "v.x = 10\nassert v[0] == 10",
    ),
    "an abstract class": Pattern(
        SHAPES,
        "try: Shape()\nexcept TypeError: pass\nelse: assert False\ns = Square(3)\n"
        "assert s.area() == 9 and s.double == 18 and Square.sides == 4 and "
        "Square.named() == 'Square'\n"
        "assert issubclass(Square, Shape) and Shape.unit() == 'cm' and isinstance(s, Shape)",
    ),
    "a dataclass": Pattern(
        "from dataclasses import dataclass\n@dataclass\nclass P:\n    x: int\n    y: int = 0",
        "p = P(1)\nassert p == P(1, 0) and p.y == 0 and repr(p) == 'P(x=1, y=0)'",
    ),
    "a named tuple": Pattern(
        "from collections import namedtuple\nP = namedtuple('P', 'x y')\ndef f(): return P(1, 2)",
        "assert f().x == 1 and f() == (1, 2) and tuple(f()) == (1, 2) and f()._asdict() == "
        "{'x': 1, 'y': 2}",
        "isolated",
    ),
    "an enum": Pattern(
        "from enum import Enum\nclass C(Enum):\n    RED = 1",
        "assert C.RED.value == 1 and C.RED.name == 'RED' and C.RED is C.RED",
    ),
    "an enum's members": Pattern(
        "from enum import Enum\nclass C(Enum):\n    RED = 1\n    BLUE = 2",
        "assert [c.name for c in C] == ['RED', 'BLUE'] and C(2) is C.BLUE and C['RED'].value == 1",
    ),
    "a property that refuses": Pattern(
        "class A:\n    def __init__(self): self._x = 0\n    @property\n"
        "    def x(self): return self._x\n"
        "    @x.setter\n    def x(self, v):\n        if v < 0: raise ValueError\n"
        "        self._x = v",
        "a = A()\na.x = 3\nassert a.x == 3 and hasattr(a, 'x') and not hasattr(a, 'z')\n"
        "try: a.x = -1\nexcept ValueError: pass\nelse: assert False",
    ),
    "objects linked to each other": Pattern(
        "class Node:\n    def __init__(self, v, next=None): self.v, self.next = v, next\n"
        "def build(xs):\n    n = None\n    for x in reversed(xs): n = Node(x, n)\n    return n",
        "n = build([1, 2])\nassert n.v == 1 and n.next.v == 2 and n.next.next is None\n"
        "n.next = Node(5)\nassert n.next.v == 5",
    ),
    "a test's object passed in": Pattern(
        "def area(s): return s.w * s.h()",
        "class Fake:\n    w = 2\n    def h(self): return 3\nassert area(Fake()) == 6",
    ),
    "a mock passed in": Pattern(
        "def save(db, x): db.put(x, safe=True); return db.count()",
        "from unittest.mock import Mock\ndb = Mock()\ndb.count.return_value = 4\n"
        "assert save(db, 1) == 4\ndb.put.assert_called_once_with(1, safe=True)",
    ),
    "a copy": Pattern(
        STACK,
        "import copy\ns = Stack([1])\nt = copy.deepcopy(s)\nt.push(2)\n"
        "assert len(s) == 1 and len(t) == 2",
    ),
}
