/** A file of one's own material as text, however it was read. Pure. */

interface INotebookLike {
  cells?: { source?: string | string[] }[];
}

/** A text as it is; of a notebook, what stands in its cells. */
export function textOf(content: unknown): string {
  if (typeof content === 'string') {
    return fromText(content);
  }
  const { cells } = (content ?? {}) as INotebookLike;
  return Array.isArray(cells)
    ? cells
        .map(({ source }) => (Array.isArray(source) ? source.join('') : (source ?? '')))
        .filter(text => text.trim())
        .join('\n\n')
    : '';
}

function fromText(text: string): string {
  if (text.trimStart().startsWith('{')) {
    try {
      const read: unknown = JSON.parse(text);
      if (Array.isArray((read as INotebookLike | null)?.cells)) {
        return textOf(read);
      }
    } catch {
      return text;
    }
  }
  return text;
}
