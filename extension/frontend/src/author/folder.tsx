/** One course in the author's files: its lessons, its check, and what the gates found. */

import { caretLeftIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import { Bar, Heading, Prose, Trouble } from '../parts';
import { ITrans } from '../words';
import { Button, Mark } from './controls';
import { counts, gateWord, IListed, listed, verdict } from './findings';
import { AuthorModel } from './model';
import { ICheck, IFolder, IFolderLesson } from './types';

interface IProps {
  model: AuthorModel;
  folder: IFolder;
  trans: ITrans;
}

export function FolderView({ model, folder, trans }: IProps): React.ReactElement {
  const { problem, busy } = model.state;
  const check = model.checks.of(folder.folder);
  const running = check?.state === 'waiting' || check?.state === 'running';
  return (
    <>
      <div className="jp-Coursewright-header">
        <Back text={trans.__('All my courses')} act={() => model.show({ name: 'home' })} />
        <Heading text={folder.title} take />
        <p className="jp-Coursewright-quiet">
          {folder.folder}
          <br />
          {standing(trans, folder)}
        </p>
        <div className="jp-Coursewright-buttons">
          <Button
            label={running || busy === 'check' ? trans.__('Checking…') : trans.__('Check all')}
            act={() => void model.check(folder.folder)}
            off={running || busy === 'check'}
          />
          <Button
            label={trans.__('Publish…')}
            act={() => model.show({ name: 'publish', folder: folder.folder })}
            accept
          />
        </div>
      </div>
      <div className="jp-Coursewright-body">
        {problem && <Trouble problem={problem} trans={trans} />}
        <section aria-label={trans.__('Lessons')}>
          <h3 className="jp-Coursewright-group">{trans.__('Lessons')}</h3>
          <ul className="jp-Coursewright-list">
            {folder.lessons.map(lesson => (
              <Lesson
                key={lesson.key}
                lesson={lesson}
                folder={folder}
                model={model}
                trans={trans}
              />
            ))}
          </ul>
        </section>
        {check && <Findings check={check} folder={folder} model={model} trans={trans} />}
      </div>
    </>
  );
}

export function Back({ text, act }: { text: string; act: () => void }): React.ReactElement {
  return (
    <button type="button" className="jp-Coursewright-back" onClick={act}>
      <caretLeftIcon.react tag="span" aria-hidden="true" />
      {text}
    </button>
  );
}

export function standing(trans: ITrans, folder: IFolder): string {
  if (folder.published_version === null) {
    return trans.__('Not published yet');
  }
  return folder.base_version !== null && folder.base_version < folder.published_version
    ? trans.__(
        'Made from version %1; version %2 is published. Compare before you publish.',
        folder.base_version,
        folder.published_version
      )
    : trans.__('Version %1 is published', folder.published_version);
}

function Lesson(props: IProps & { lesson: IFolderLesson }): React.ReactElement {
  const { lesson, folder, model, trans } = props;
  const { busy } = model.state;
  return (
    <li className="jp-Coursewright-source">
      <button
        type="button"
        className="jp-Coursewright-lesson"
        aria-label={trans.__('Open %1', lesson.title)}
        onClick={() => model.bench.open(lesson.path)}
      >
        <span className="jp-Coursewright-lessonTitle">{lesson.title}</span>
      </button>
      <div className="jp-Coursewright-buttons">
        <Button
          label={trans.__('Preview')}
          name={trans.__('Preview %1 as student', lesson.title)}
          act={() => void model.preview(folder.folder, lesson.path)}
          off={busy === `preview ${lesson.path}`}
        />
        {folder.published_version !== null && (
          <Button
            label={trans.__('Differences')}
            name={trans.__('Differences of %1 to the published version', lesson.title)}
            act={() => void model.compare(folder, lesson.path)}
            off={busy === `compare ${lesson.path}`}
          />
        )}
      </div>
    </li>
  );
}

export function Verdict(props: {
  check: ICheck;
  stale: boolean;
  trans: ITrans;
}): React.ReactElement {
  const { check, stale, trans } = props;
  if (check.state === 'waiting' || check.state === 'running') {
    return (
      <>
        <Bar value={check.done} of={check.total} label={trans.__('Checked parts')} />
        <p role="status">
          {check.total
            ? trans.__('Checking: %1 of %2 parts', check.done, check.total)
            : trans.__('Waiting for a worker')}
        </p>
      </>
    );
  }
  const bad = check.state === 'failed' || counts(check).blocking > 0;
  return (
    <p role="status">
      <Mark look={bad ? 'bad' : 'good'} text={verdict(trans, check)} />
      {stale && ` ${trans.__('Something was saved since: check again.')}`}
    </p>
  );
}

function Findings(props: IProps & { check: ICheck }): React.ReactElement {
  const { check, folder, model, trans } = props;
  return (
    <section aria-label={trans.__('Check')}>
      <h3 className="jp-Coursewright-group">{trans.__('Check')}</h3>
      <Verdict check={check} stale={model.checks.isStale(folder.folder)} trans={trans} />
      <ul className="jp-Coursewright-list">
        {listed(check).map((one, index) => (
          <Finding key={index} one={one} folder={folder} model={model} trans={trans} />
        ))}
      </ul>
    </section>
  );
}

function Finding(props: IProps & { one: IListed }): React.ReactElement {
  const { one, folder, model, trans } = props;
  const { finding, place } = one;
  const lesson = folder.lessons.find(item => item.key === place.lesson);
  const about = gateWord(trans, finding.gate);
  const text = (
    <>
      <Mark
        look={finding.blocks ? 'bad' : 'note'}
        text={finding.blocks ? trans.__('Blocks') : trans.__('Note')}
      />
      <span className="jp-Coursewright-quiet">
        {` ${place.place} · ${finding.gate}${about && `: ${about}`}`}
      </span>
      <span className="jp-Coursewright-message">
        <Prose text={finding.message} />
      </span>
    </>
  );
  return (
    <li>
      {lesson ? (
        <button
          type="button"
          className="jp-Coursewright-lesson jp-Coursewright-finding"
          onClick={() => void model.bench.jump(lesson.path, finding.cell)}
        >
          {text}
        </button>
      ) : (
        <div className="jp-Coursewright-finding">{text}</div>
      )}
    </li>
  );
}
