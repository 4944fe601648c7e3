"""The frame of the feedback page: one file without scripts or addresses to load from."""

from __future__ import annotations

from string import Template

PAGE = Template("""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy"
  content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>$title: feedback</title>
<style>
:root { --ink: #1d2330; --paper: #ffffff; --soft: #f3f5f9; --line: #c9d0dc; --muted: #4d5769;
  --good: #14653a; --bad: #9c1f1f; --part: #7a4b00; --link: #1a4fa3; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9f0; --paper: #14171e; --soft: #1e232d;
  --line: #3b4454; --muted: #aab3c3; --good: #7fd6a4; --bad: #ff9d94; --part: #f0c069;
  --link: #9cc2ff; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 52rem; padding: 1rem; background: var(--paper);
  color: var(--ink); font: 1rem/1.55 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: .5rem 0; }
h2 { font-size: 1.25rem; margin-top: 2rem; }
a { color: var(--link); }
pre { overflow-x: auto; padding: .75rem; border-radius: .4rem; background: var(--soft);
  font: .875rem/1.5 ui-monospace, monospace; tab-size: 4; margin: .25rem 0 1rem; }
pre.shown { background: none; border: 1px solid var(--line); max-height: 30rem; overflow: auto; }
pre.bad { border-left: .3rem solid var(--bad); }
code { font-family: ui-monospace, monospace; font-size: .9em; }
pre code { font-size: 1em; }
/* A picture has its own paper, also in the dark. */
img { max-width: 100%; height: auto; background: #fff; border-radius: .25rem; }
.scroll { overflow-x: auto; }
.scroll table { overflow-wrap: normal; }
table { border-collapse: collapse; width: 100%; }
.scroll[role] table { width: auto; }
caption { text-align: left; color: var(--muted); padding-bottom: .4rem; }
th, td { border-bottom: 1px solid var(--line); padding: .4rem .6rem .4rem 0; text-align: left;
  vertical-align: top; }
th[scope=row] { font-weight: normal; }
.total { font-size: 1.25rem; font-weight: 600; margin: .25rem 0; }
.points { text-align: right; white-space: nowrap; padding-right: 0; }
.mark { border: 1px solid var(--line); border-left: .3rem solid var(--muted); border-radius: .4rem;
  padding: .25rem 1rem; margin: 1rem 0 2rem; scroll-margin-top: 1rem; }
.mark h3 { font-size: 1rem; margin: .5rem 0; }
.mark p { white-space: pre-line; margin: .5rem 0; }
.mark ul { list-style: none; padding-left: 0; margin: .5rem 0; }
.passed { border-left-color: var(--good); } .passed b { color: var(--good); }
.failed, .error, .timeout { border-left-color: var(--bad); }
.failed b, .error b, .timeout b { color: var(--bad); }
.partial { border-left-color: var(--part); } .partial b { color: var(--part); }
.label { color: var(--muted); font-size: .875rem; margin: .75rem 0 .25rem; }
@media print { pre { white-space: pre-wrap; max-height: none; } .mark { break-inside: avoid; } }
</style>
</head>
<body>
<main>
<h1>$title</h1>
<p class="total">$score$waiting</p>
$place
$repairs
$summary
<h2>Your notebook</h2>
$cells
$others
<p class="label">Graded in $seconds s, mode: $mode.</p>
</main>
</body>
</html>
""")
