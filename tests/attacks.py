"""Answers that attack the isolated mode, in tables by what they are after.

A forgery says which exercise it answers, and the status that its test gets.
"""

from __future__ import annotations

ALWAYS = "class Always:\n" + "".join(
    f"    def __{name}__(self, *a): return {value}\n"
    for name, value in [
        *(
            (name, "True")
            for name in (
                "eq",
                "lt",
                "le",
                "gt",
                "ge",
                "contains",
                "bool",
            )
        ),
        *(
            (name, "0")
            for name in (
                "sub",
                "rsub",
                "add",
                "radd",
                "abs",
                "int",
                "len",
            )
        ),
        ("float", "0.0"),
        ("ne", "False"),
        ("hash", "1"),
    ]
)
WRITE_ALL = (
    "import os\ndef total(xs):\n    for n in range(3, 64):\n"
    "        try: os.write(n, {data})\n        except OSError: pass\n    return 0"
)
PATCH = (
    "import builtins\nfor n in ('all', 'any', 'abs', 'sum', 'isinstance', 'repr', 'print'):\n    "
)


def inside(body: str) -> str:
    return (
        "def total(xs):\n" + "".join(f"    {line}\n" for line in body.splitlines()) + "    return 0"
    )


FORGERIES = {
    # key, answer, status
    "an always-equal object": ("total", f"{ALWAYS}def total(xs): return Always()", "failed"),
    "an object whose differences are zero": (
        "total",
        f"{ALWAYS}def total(xs): return sum(xs) if len(xs) == 1 or 7391824 not in xs else Always()",
        "failed",
    ),
    "an always-equal subclass of int": (
        "total",
        "class I(int):\n    def __eq__(self, o): return True\ndef total(xs): return I(0)",
        "failed",
    ),
    "an always-equal list": (
        "total",
        "class L(list):\n    def __eq__(self, o): return True\ndef total(xs): return L()",
        "failed",
    ),
    "an object that says it is an int": (
        "total",
        f"{ALWAYS}    __class__ = int\ndef total(xs): return Always()",
        "failed",
    ),
    "a class that takes another's name": (
        "total",
        "class Point:\n    def __eq__(self, o): return True\ndef total(xs): return Point()",
        "failed",
    ),
    "an always-equal class": (
        "point",
        "class Point:\n    def __init__(self, x): pass\n    def __eq__(self, o): return True",
        "failed",
    ),
    "a metaclass that lies": (
        "point",
        "class M(type):\n    def __instancecheck__(c, x): return True\n"
        "    def __call__(c, *a): return 7\n"
        "class Point(metaclass=M): pass",
        "failed",
    ),
    "an exit that swallows": (
        "door",
        "class Door:\n    def __enter__(s): return s\n    def __exit__(s, *e): return True",
        "failed",
    ),
    "a caught assertion in a call-back": (
        "apply",
        "def apply(f, x):\n    try: f(x + 1)\n    except AssertionError: pass\n"
        "    return 3 if x == 3 else 10",
        "failed",
    ),
    "another numpy": (
        "close",
        "class np:\n    allclose = isclose = lambda *a: True\ndef close(x): return 0",
        "failed",
    ),
    "numpy's own function, replaced": (
        "close",
        "import numpy as np\nnp.allclose = np.isclose = lambda *a: True\ndef close(x): return 0",
        "failed",
    ),
    "an object that numpy asks": (
        "close",
        "class A:\n    def __array_function__(s, *a): return True\n"
        "    def __array_ufunc__(s, *a, **k): return True\n"
        "    def __array__(s, *a, **k): raise ValueError\ndef close(x): return A()",
        "failed",
    ),
    "patched built-ins": (
        "total",
        PATCH + "setattr(builtins, n, lambda *a: True)\ndef total(xs): return 0",
        "failed",
    ),
    "other built-ins by name": (
        "total",
        "abs = lambda x: 0\nlen = all = any = lambda *a: True\ndef total(xs): return 0",
        "failed",
    ),
    "AssertionError made harmless": (
        "total",
        "import builtins\nbuiltins.AssertionError = type('A', (Exception,), {})\n"
        "def total(xs): return 0",
        "failed",
    ),
    "leaving at once": ("total", inside("import os\nos._exit(0)"), "error"),
    "leaving where an error is wanted": (
        "refuse",
        "import os\ndef refuse(x):\n    if x < 0: os._exit(0)\n    return x",
        "error",
    ),
    "SystemExit": ("total", inside("raise SystemExit(0)"), "failed"),
    "SystemExit where an error is wanted": (
        "refuse",
        "def refuse(x):\n    if x < 0: raise SystemExit\n    return x",
        "failed",
    ),
    "KeyboardInterrupt": ("total", inside("raise KeyboardInterrupt"), "failed"),
    "GeneratorExit": ("total", inside("raise GeneratorExit"), "failed"),
    "an exception without an end": (
        "total",
        "class E(Exception):\n    def __str__(s):\n        while True: pass\n"
        "def total(xs): raise E()",
        "timeout",
    ),
    "an exception that says another class": (
        "refuse",
        "class E(KeyError):\n    __class__ = ValueError\ndef refuse(x):\n"
        "    if x < 0: raise E\n    return x",
        "failed",
    ),
    "garbage on every descriptor": ("total", WRITE_ALL.format(data="b'\\xff' * 5000"), "failed"),
    "a frame too long": ("total", WRITE_ALL.format(data="b'\\xff\\xff\\xff\\x7f'"), "failed"),
    "an answer of the link": (
        "total",
        WRITE_ALL.format(data="b'\\x0c\\0\\0\\0=t\\x03s\\0s\\0m\\0l\\0\\0i\\x01\\x03\\0'"),
        "failed",
    ),
    "garbage where an error is wanted": (
        "refuse",
        "import os\ndef refuse(x):\n    if x < 0:\n        for n in range(3, 64):\n"
        "            try: os.write(n, b'\\x01\\0\\0\\0\\xff' * 99)\n"
        "            except OSError: pass\n"
        "        os._exit(0)\n    return x",
        "failed",
    ),
    "verdicts on every descriptor": (
        "total",
        WRITE_ALL.format(
            data='b\'{"event": "verdict", "error": null, "result": null, "trouble": ""}\\n\' * 50'
        ),
        "failed",
    ),
    "the zygote killed": (
        "total",
        inside("import os, signal\nos.kill(os.getppid(), 9)\nos.kill(-1, 9)"),
        "error",
    ),
    "closed descriptors": ("total", inside("import os\nos.closerange(3, 64)"), "error"),
    "our own code, changed": (
        "total",
        "import sys\nfor name, m in list(sys.modules.items()):\n    if 'grader' in name:\n"
        "        for k in list(vars(m)):\n"
        "            if not k.startswith('__'): setattr(m, k, lambda *a, **b: True)\n"
        "def total(xs): return 0",
        "failed",
    ),
    "the link asked for the test": (
        "total",
        "import gc\ndef total(xs):\n    for o in gc.get_objects():\n"
        "        if type(o).__name__ == 'Candidate':\n"
        "            for what in ('name', 'eval', 'get', 'call', 'special'):\n"
        "                try: o.ask(what, o, '__globals__', ())\n"
        "                except Exception: pass\n"
        "            try: return o.ask('get', xs, '__class__')\n"
        "            except AttributeError: return 0\n    return 0",
        "failed",
    ),
    "the globals of a call-back": (
        "apply",
        "def apply(f, x): return f.__globals__['check'](x)",
        "failed",
    ),
    "the code of a call-back": (
        "apply",
        "def apply(f, x): return f.__code__.co_consts[0]",
        "failed",
    ),
    "a generator instead of a number": ("total", "def total(xs): yield 3", "failed"),
    "a hash flood": (
        "total",
        "def total(xs): return frozenset(2 ** 61 * n - n for n in range(200_000))",
        "timeout",
    ),
    "a very deep value": (
        "total",
        "def total(xs):\n    a = []\n    for _ in range(100_000): a = [a]\n    return a",
        "error",
    ),
    "a huge value": ("total", "def total(xs): return 'x' * (100 << 20)", "error"),
}

STALLS = {
    "a loop": inside("while True: pass"),
    "sleep": inside("import time\ntime.sleep(60)"),
    "input": inside("input()"),
    "a loop that cannot be stopped": inside(
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass"
    ),
    "a loop in repr": "class R:\n    def __repr__(s):\n        while True: pass\n"
    "    def __eq__(s, o): return repr(s)\ndef total(xs): return R()",
    "a loop in hash": "class R:\n    def __hash__(s):\n        while True: pass\n"
    "def total(xs): return R()",
    "a loop of call-backs": inside("a = [xs]\nwhile True:\n    print(len(a))"),
    "printing without an end": inside("while True: print('x' * 100_000)"),
    "drops in time": inside("import time\nfor _ in range(600):\n    print('.'); time.sleep(.1)"),
    "a stopped process": inside("import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)"),
    "a process left behind": inside(
        "import os, time\nif os.fork() == 0:\n    os.setsid()\n    time.sleep(60)"
    ),
    "threads left behind": inside(
        "import threading, time\n"
        "for _ in range(20): threading.Thread(target=time.sleep, args=(60,)).start()"
    ),
    "a memory bomb": inside("a = []\nwhile True: a.append(bytearray(1 << 24))"),
    "a fork bomb": inside("import os\nwhile True: os.fork()"),
    "recursion": inside("return total(xs)"),
}

LOOKS = {
    "frames": "import sys\ndef total(xs):\n    f = sys._getframe()\n"
    "    while f: print(f.f_locals, f.f_globals, f.f_code.co_consts); f = "
    "f.f_back\n    return 0",
    "gc": "import gc\ndef total(xs):\n    for o in gc.get_objects():\n"
    "        print(repr(o)[:2000])\n    return 0",
    "inspect": "import inspect\ndef total(xs):\n"
    "    print([i.code_context for i in inspect.stack()])\n    return 0",
    "the history": "def total(xs):\n"
    "    print(In, Out, get_ipython().history_manager.input_hist_raw)\n    return 0",
    "tracing": "import sys\nsys.settrace(lambda *a: print(a))\n"
    "sys.setprofile(lambda *a: print(a))\ndef total(xs): return 0",
    "audit hooks": "import sys\n"
    "sys.addaudithook(lambda e, a: open('/tmp/log', 'a').write(str((e, a))))\n"
    "def total(xs):\n    print(open('/tmp/log').read())\n    return 0",
    "an input transformer": (
        "get_ipython().input_transformers_cleanup.append(lambda ls: (print(ls), "
        "ls)[1])\ndef total(xs): return 0"
    ),
    "events of IPython": "get_ipython().events.register('pre_run_cell', lambda i: print(i))\n"
    "def total(xs): return 0",
    "files": "import os\ndef total(xs):\n    for d, _, fs in os.walk('/tmp'):\n"
    "        for f in fs: print(d, f, open(os.path.join(d, f), "
    "errors='replace').read())\n    return 0",
    "/proc": "import glob\ndef total(xs):\n    for p in glob.glob('/proc/[0-9]*/cmdline') + "
    "glob.glob('/proc/[0-9]*/environ') + glob.glob('/proc/[0-9]*/maps'):\n"
    "        try: print(open(p, errors='replace').read())\n"
    "        except OSError: pass\n    return 0",
    "memory of other processes": (
        "import glob\ndef total(xs):\n    for p in glob.glob('/proc/[0-9]*/mem'):\n"
        "        try: print(open(p, 'rb').read(100))\n        except OSError: pass\n"
        "    return 0"
    ),
}

KEEPERS = {
    "a file": (
        "def total(xs):\n    print(*xs, file=open('/tmp/log', 'a'))\n    return sum(xs)",
        "print(open('/tmp/log').read())",
    ),
    "a pipe": (
        "import os\nr, w = os.pipe()\nos.set_blocking(r, False)\ndef total(xs):\n"
        "    os.write(w, str(xs).encode())\n    return sum(xs)",
        "print(os.read(r, 10_000))",
    ),
    "shared memory": (
        "import mmap\nm = mmap.mmap(-1, 10_000)\ndef total(xs):\n    m.write(str(xs).encode())\n"
        "    return sum(xs)",
        "print(m[:200])",
    ),
    "an exception of a later test": (
        "import mmap\nm = mmap.mmap(-1, 10_000)\ndef total(xs):\n    m.write(str(xs).encode())\n"
        "    return sum(xs)",
        "def other(): raise type('E' + str(m[:200]), (ValueError,), {})(str(m[:200]))",
    ),
}
