/** The author's courses: being made, in the files, and published. */

import * as React from 'react';

import { Loading, Trouble } from '../parts';
import { ICourseCard } from '../tokens';
import { ITrans } from '../words';
import { Button, Mark, moment } from './controls';
import { verdict } from './findings';
import { AuthorModel } from './model';
import { generationWord, inOrder, isUnderWay } from './progress';
import { IDraftCard, IFolder, IGenerationCard } from './types';

interface IProps {
  model: AuthorModel;
  trans: ITrans;
  /** Opens the form, or the course with this number, in the main area. */
  request: () => void;
  watch: (id: number) => void;
}

export function Home(props: IProps): React.ReactElement {
  const { model, trans, request, watch } = props;
  const { generations, folders, drafts, courses, loading, problem } = model.state;
  const mine = courses ?? [];
  return (
    <>
      <div className="jp-Coursewright-header">
        <h2 className="jp-Coursewright-title" tabIndex={-1}>
          {trans.__('Author')}
        </h2>
        <Button label={trans.__('Request a course…')} act={request} accept />
      </div>
      <div className="jp-Coursewright-body">
        {problem && (
          <Trouble problem={problem} trans={trans} again={() => void model.refresh()} />
        )}
        {loading && !folders && <Loading text={trans.__('Loading your courses…')} />}
        <Group title={trans.__('Requested')} show={Boolean(generations?.length)}>
          {inOrder(generations ?? []).map(one => (
            <Generation key={one.id} card={one} trans={trans} watch={() => watch(one.id)} />
          ))}
        </Group>
        <Group title={trans.__('In your files')} show={Boolean(folders?.length)}>
          {folders?.map(one => (
            <Folder key={one.folder} folder={one} model={model} trans={trans} />
          ))}
        </Group>
        <Group title={trans.__('Drafts on the pages')} show={Boolean(drafts?.length)}>
          {drafts?.map(one => (
            <Draft key={one.key} card={one} model={model} trans={trans} />
          ))}
        </Group>
        <Group title={trans.__('Published')} show={mine.length > 0}>
          {mine.map(card => (
            <Course key={card.key} card={card} model={model} trans={trans} />
          ))}
        </Group>
        {folders && ![folders, drafts, mine, generations].some(one => one?.length) && (
          <p className="jp-Coursewright-quiet">
            {trans.__('Request a course, or put notebooks with a course.json into authoring/.')}
          </p>
        )}
      </div>
    </>
  );
}

function Group(props: {
  title: string;
  show: boolean;
  children: React.ReactNode;
}): React.ReactElement | null {
  return props.show ? (
    <section aria-label={props.title}>
      <h3 className="jp-Coursewright-group">{props.title}</h3>
      <ul className="jp-Coursewright-list">{props.children}</ul>
    </section>
  ) : null;
}

function Generation(props: {
  card: IGenerationCard;
  trans: ITrans;
  watch: () => void;
}): React.ReactElement {
  const { card, trans, watch } = props;
  const look = isUnderWay(card) ? 'busy' : card.state === 'done' ? 'good' : 'note';
  return (
    <li>
      <button type="button" className="jp-Coursewright-lesson" onClick={watch}>
        <span className="jp-Coursewright-lessonText">
          <span className="jp-Coursewright-lessonTitle">{card.topic}</span>
          <span className="jp-Coursewright-quiet">
            <Mark look={look} text={generationWord(trans, card.state)} />
            {` · ${moment(card.created_at)}`}
          </span>
        </span>
      </button>
    </li>
  );
}

function Folder(props: {
  folder: IFolder;
  model: AuthorModel;
  trans: ITrans;
}): React.ReactElement {
  const { folder, model, trans } = props;
  const check = model.checks.of(folder.folder);
  return (
    <li>
      <button
        type="button"
        className="jp-Coursewright-lesson"
        onClick={() => model.show({ name: 'folder', folder: folder.folder })}
      >
        <span className="jp-Coursewright-lessonText">
          <span className="jp-Coursewright-lessonTitle">{folder.title}</span>
          <span className="jp-Coursewright-quiet">{folder.folder}</span>
          <span className="jp-Coursewright-quiet">
            {trans._n('%1 lesson', '%1 lessons', folder.lessons.length)}
            {check?.state === 'done' && ` · ${verdict(trans, check)}`}
          </span>
        </span>
      </button>
    </li>
  );
}

function Draft(props: {
  card: IDraftCard;
  model: AuthorModel;
  trans: ITrans;
}): React.ReactElement {
  const { card, model, trans } = props;
  const busy = model.state.busy === `draft-${card.key}`;
  return (
    <li className="jp-Coursewright-card">
      <h4>{card.title}</h4>
      <span className="jp-Coursewright-quiet">
        {trans.__('Changed by %1, %2', card.changed_by, moment(card.changed_at))}
      </span>
      <Button
        label={busy ? trans.__('Opening…') : trans.__('Open the draft')}
        name={trans.__('Open the draft of %1', card.title)}
        act={() => void model.openDraft(card.key)}
        off={busy}
      />
    </li>
  );
}

function Course(props: {
  card: ICourseCard;
  model: AuthorModel;
  trans: ITrans;
}): React.ReactElement {
  const { card, model, trans } = props;
  const versions = model.state.versions[card.key];
  const busy = model.state.busy === `course-${card.key}`;
  return (
    <li className="jp-Coursewright-card">
      <h4>{card.title}</h4>
      <span className="jp-Coursewright-quiet">
        {trans.__('Version %1', card.version)}
        {` · ${trans._n('%1 lesson', '%1 lessons', card.lessons)}`}
      </span>
      <details
        onToggle={event => {
          if (event.currentTarget.open && !versions) {
            void model.loadVersions(card.key);
          }
        }}
      >
        <summary>{trans.__('Versions')}</summary>
        <ul className="jp-Coursewright-list">
          {versions?.map(one => (
            <li key={one.number} className="jp-Coursewright-row">
              <span>
                {one.number}. {one.message}
                <br />
                <span className="jp-Coursewright-quiet">
                  {one.published_by && `${one.published_by}, `}
                  {moment(one.published_at)}
                </span>
              </span>
              <Button
                label={trans.__('Open')}
                name={trans.__('Open the source of version %1 of %2', one.number, card.title)}
                act={() => void model.openCourse(card.key, one.number)}
              />
            </li>
          ))}
        </ul>
      </details>
      <Button
        label={busy ? trans.__('Opening…') : trans.__('Open the source')}
        name={trans.__('Open the source of %1', card.title)}
        act={() => void model.openCourse(card.key)}
        off={busy}
      />
    </li>
  );
}
