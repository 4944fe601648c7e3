/** Before a course goes out: what changed, what the check said, and a message for everyone. */

import * as React from 'react';

import { Heading, Loading, Trouble } from '../parts';
import { ITrans } from '../words';
import { Button, Field, IFieldNames } from './controls';
import { counts } from './findings';
import { Back, standing, Verdict } from './folder';
import { AuthorModel } from './model';
import { IFolder } from './types';

interface IProps {
  model: AuthorModel;
  folder: IFolder;
  trans: ITrans;
}

export function PublishView({ model, folder, trans }: IProps): React.ReactElement {
  const { problem, published } = model.state;
  return (
    <>
      <div className="jp-Coursewright-header">
        <Back
          text={folder.title}
          act={() => model.show({ name: 'folder', folder: folder.folder })}
        />
        <Heading text={trans.__('Publish')} take />
        <p className="jp-Coursewright-quiet">{standing(trans, folder)}</p>
      </div>
      <div className="jp-Coursewright-body">
        {problem && <Trouble problem={problem} trans={trans} />}
        <div role="status">
          {published && (
            <p className="jp-Coursewright-done">
              {published.created
                ? trans.__('Version %1 is published.', published.version)
                : trans.__('This is version %1 already; nothing was published.', published.version)}
            </p>
          )}
        </div>
        {!published && <PublishForm model={model} folder={folder} trans={trans} />}
      </div>
    </>
  );
}

function PublishForm({ model, folder, trans }: IProps): React.ReactElement {
  const [message, setMessage] = React.useState('');
  const [reason, setReason] = React.useState('');
  const [tried, setTried] = React.useState(false);
  const check = model.checks.of(folder.folder);
  const checked = check?.state === 'done';
  const blocking = checked ? counts(check).blocking : 0;
  const busy = model.state.busy === 'publish';
  const lacks = {
    message: !message.trim() && trans.__('Say in a sentence what is new.'),
    reason: blocking > 0 && !reason.trim() && trans.__('Say why it is published all the same.')
  };
  const publish = (): void => {
    setTried(true);
    if (checked && !lacks.message && !lacks.reason) {
      void model.publish(message.trim(), blocking ? reason.trim() : null);
    }
  };
  return (
    <>
      <Changes model={model} folder={folder} trans={trans} />
      <LastCheck model={model} folder={folder} trans={trans} />
      <Field
        label={trans.__('Message')}
        hint={trans.__('Everyone who is enrolled reads it beside the new version.')}
        problem={(tried && lacks.message) || undefined}
      >
        {names => <Lines names={names} text={message} set={setMessage} />}
      </Field>
      {blocking > 0 && (
        <Field
          label={trans.__('Reason to publish in spite of the findings')}
          hint={trans.__('It is kept with your name, for those who run this Coursewright.')}
          problem={(tried && lacks.reason) || undefined}
        >
          {names => <Lines names={names} text={reason} set={setReason} />}
        </Field>
      )}
      <p className="jp-Coursewright-quiet">
        {folder.published_version === null
          ? trans.__('Everyone finds it in the catalogue then. You become its instructor.')
          : trans.__('Everyone who is enrolled is offered the new version; nobody loses work.')}
      </p>
      <div className="jp-Coursewright-buttons">
        <Button
          label={busy ? trans.__('Publishing…') : trans.__('Publish')}
          act={publish}
          accept
          off={busy || !checked}
        />
      </div>
    </>
  );
}

function Lines(props: {
  names: IFieldNames;
  text: string;
  set: (text: string) => void;
}): React.ReactElement {
  return (
    <textarea
      {...props.names}
      className="jp-mod-styled"
      rows={3}
      value={props.text}
      onChange={event => props.set(event.target.value)}
    />
  );
}

/** The last check of the folder; where there is none that counts, a way to one. */
function LastCheck({ model, folder, trans }: IProps): React.ReactElement {
  const check = model.checks.of(folder.folder);
  const stale = model.checks.isStale(folder.folder);
  return (
    <section aria-label={trans.__('Check')}>
      <h3 className="jp-Coursewright-group">{trans.__('Check')}</h3>
      {check ? (
        <Verdict check={check} stale={stale} trans={trans} />
      ) : (
        <p>{trans.__('It has not been checked. Check it first; that takes a few minutes.')}</p>
      )}
      {(check?.state !== 'done' || stale) && (
        <Button
          label={trans.__('Check all')}
          act={() => void model.check(folder.folder)}
          off={check?.state === 'waiting' || check?.state === 'running'}
        />
      )}
    </section>
  );
}

function Changes({ model, folder, trans }: IProps): React.ReactElement {
  const { differing, problem } = model.state;
  if (!differing) {
    return problem ? <></> : <Loading text={trans.__('Comparing with what is published…')} />;
  }
  const lessons = folder.lessons.filter(lesson => differing.has(lesson.key));
  return (
    <section aria-label={trans.__('What changed')}>
      <h3 className="jp-Coursewright-group">{trans.__('What changed')}</h3>
      {!lessons.length && (
        <p className="jp-Coursewright-quiet">
          {trans.__('The lessons are as they are published.')}
        </p>
      )}
      <ul className="jp-Coursewright-list">
        {lessons.map(lesson => (
          <li key={lesson.key} className="jp-Coursewright-row">
            <span>
              {lesson.title}
              {' · '}
              {differing.get(lesson.key) === 'new' ? trans.__('new') : trans.__('changed')}
            </span>
            {differing.get(lesson.key) === 'changed' && (
              <Button
                label={trans.__('Differences')}
                name={trans.__('Differences of %1 to the published version', lesson.title)}
                act={() => void model.compare(folder, lesson.path)}
              />
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
