/** The author's own material: text files from this computer or from the file browser. */

import * as React from 'react';

import { ITrans } from '../words';
import { Button } from './controls';
import { textOf } from './materialtext';
import type { IChosenFile } from './more';

const KINDS = '.md,.markdown,.txt,.rst,.ipynb';
const MOST = 60_000; // characters of all files together (generator/sources.py)

interface IProps {
  sources: Readonly<Record<string, string>>;
  change: (sources: Record<string, string>) => void;
  problem?: string;
  pick: () => Promise<IChosenFile[]>;
  trans: ITrans;
}

export function Material({ sources, change, problem, pick, trans }: IProps): React.ReactElement {
  const upload = React.useRef<HTMLInputElement>(null);
  const [said, setSaid] = React.useState('');
  const add = (files: IChosenFile[]): void => {
    const all = { ...sources };
    const empty = files.filter(file => !file.text.trim()).map(file => file.name);
    files.filter(file => file.text.trim()).forEach(file => (all[file.name] = file.text));
    setSaid(empty.length ? trans.__('%1 has no text and was left out.', empty.join(', ')) : '');
    change(all);
  };
  const length = Object.values(sources).reduce((sum, text) => sum + text.length, 0);
  const tooLong =
    length > MOST
      ? trans.__('These are %1 characters; %2 are the most. Take some out.', length, MOST)
      : '';
  return (
    <fieldset className="jp-Coursewright-choice">
      <legend>{trans.__('Your own material')}</legend>
      <p className="jp-Coursewright-quiet">
        {trans.__('Markdown, text and notebooks. A model reads them; the bank cannot.')}
      </p>
      <Chosen sources={sources} change={change} trans={trans} />
      <div className="jp-Coursewright-buttons">
        <Button
          label={trans.__('Choose from my files…')}
          act={() =>
            void pick().then(add, reason =>
              setSaid(trans.__('That file could not be read: %1', String(reason)))
            )
          }
        />
        <Button label={trans.__('Upload…')} act={() => upload.current?.click()} />
        <input
          ref={upload}
          type="file"
          multiple
          accept={KINDS}
          hidden
          onChange={event => {
            const files = [...(event.target.files ?? [])];
            void Promise.all(
              files.map(async file => ({ name: file.name, text: textOf(await file.text()) }))
            ).then(add);
            event.target.value = '';
          }}
        />
      </div>
      <p role="status" className="jp-Coursewright-wrong">
        {[problem, tooLong, said].filter(Boolean).join(' ')}
      </p>
    </fieldset>
  );
}

function Chosen({ sources, change, trans }: Pick<IProps, 'sources' | 'change' | 'trans'>) {
  return (
    <ul className="jp-Coursewright-list">
      {Object.keys(sources).map(name => (
        <li key={name} className="jp-Coursewright-row">
          <span>{name}</span>
          <Button
            label={trans.__('Remove')}
            name={trans.__('Remove %1', name)}
            act={() => {
              const { [name]: _, ...rest } = sources;
              change(rest);
            }}
          />
        </li>
      ))}
    </ul>
  );
}
