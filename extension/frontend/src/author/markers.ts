/** nbgrader's lines around what students do not get. Pure. */

export interface IMark {
  readonly begin: RegExp;
  readonly end: RegExp;
  readonly word: string;
}

// Where "#" begins no comment, another sign stands before it (docs/writing-a-course.md).
export const SOLUTION = mark('SOLUTION');
export const HIDDEN = mark('HIDDEN TESTS');

function mark(word: string): IMark {
  return {
    begin: new RegExp(`### BEGIN ${word}[ \\t]*$`),
    end: new RegExp(`### END ${word}[ \\t]*$`),
    word
  };
}

/** `source` with the marks around the lines that `from` and `to` (places in the text) touch. */
export function wrapped(source: string, what: IMark, from = 0, to = source.length): string {
  const lines = source.split('\n');
  const first = lineAt(source, from);
  // A selection that ends at the very beginning of a line does not mean that line.
  const last = to > from && source[to - 1] === '\n' ? lineAt(source, to - 1) : lineAt(source, to);
  const inner = lines.slice(first, last + 1);
  const indent = indentOf(inner);
  return [
    ...lines.slice(0, first),
    `${indent}### BEGIN ${what.word}`,
    ...inner,
    `${indent}### END ${what.word}`,
    ...lines.slice(last + 1)
  ].join('\n');
}

/** `source` without these marks; what stood between them stays. */
export function unwrapped(source: string, what: IMark): string {
  const lines = source.split('\n');
  return lines.filter(line => !what.begin.test(line) && !what.end.test(line)).join('\n');
}

/** Whether each beginning has its end, and none stands in another. */
export function isBalanced(source: string, what: IMark): boolean {
  let open = false;
  for (const line of source.split('\n')) {
    if (what.begin.test(line)) {
      if (open) {
        return false;
      }
      open = true;
    } else if (what.end.test(line)) {
      if (!open) {
        return false;
      }
      open = false;
    }
  }
  return !open;
}

export function has(source: string, what: IMark): boolean {
  return source.split('\n').some(line => what.begin.test(line) || what.end.test(line));
}

/** Whether a test is shown to students, hidden from them, or has a part of each. */
export function hiddenLines(source: string): 'visible' | 'hidden' | 'mixed' {
  let open = false;
  let inside = false;
  let outside = false;
  for (const line of source.split('\n')) {
    if (HIDDEN.begin.test(line)) {
      open = true;
      inside = true;
    } else if (HIDDEN.end.test(line)) {
      open = false;
    } else if (line.trim() && !open) {
      outside = true;
    }
  }
  return !inside ? 'visible' : outside ? 'mixed' : 'hidden';
}

function lineAt(source: string, place: number): number {
  return source.slice(0, place).split('\n').length - 1;
}

function indentOf(lines: readonly string[]): string {
  const depths = lines
    .filter(line => line.trim())
    .map(line => line.match(/^[ \t]*/)?.[0] ?? '')
    .sort((a, b) => a.length - b.length);
  return depths[0] ?? '';
}
