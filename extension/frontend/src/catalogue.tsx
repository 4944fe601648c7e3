/** The catalogue: the student's courses first, then what else there is. */

import * as React from 'react';

import { CoursesModel } from './courses';
import { JoinByCode } from './join';
import { Heading, Loading, Trouble } from './parts';
import { Standing } from './standing';
import { ICourseCard } from './tokens';
import { ITrans, levelWord, listed } from './words';

interface IProps {
  model: CoursesModel;
  trans: ITrans;
}

export function Catalogue({ model, trans }: IProps): React.ReactElement {
  const { courses, loading, problem, search, standing } = model.state;
  const found = listed(courses ?? [], search);
  const mine = found.filter(card => card.role !== null);
  const others = found.filter(card => card.role === null);
  return (
    <>
      <div className="jp-Coursewright-header">
        <Heading text={trans.__('Courses')} take={false} />
        <input
          type="search"
          className="jp-mod-styled jp-Coursewright-search"
          value={search}
          placeholder={trans.__('Search courses')}
          aria-label={trans.__('Search courses')}
          onChange={event => model.search(event.target.value)}
        />
      </div>
      <div className="jp-Coursewright-body">
        {problem && (
          <Trouble problem={problem} trans={trans} again={() => void model.refresh()} />
        )}
        {loading && !courses && <Loading text={trans.__('Loading courses…')} />}
        {standing && !search && <Standing model={model} standing={standing} trans={trans} />}
        <Group title={trans.__('My courses')} cards={mine} model={model} trans={trans} />
        <Group
          title={mine.length ? trans.__('More courses') : trans.__('All courses')}
          cards={others}
          model={model}
          trans={trans}
        />
        {courses && !found.length && (
          <p className="jp-Coursewright-quiet" role="status">
            {search
              ? trans.__('No course matches “%1”.', search)
              : trans.__('No course has been published yet.')}
          </p>
        )}
        {courses && <JoinByCode model={model} trans={trans} />}
      </div>
    </>
  );
}

function Group(props: IProps & { title: string; cards: ICourseCard[] }): React.ReactElement | null {
  const { title, cards, model, trans } = props;
  if (!cards.length) {
    return null;
  }
  return (
    <section aria-label={title}>
      <h3 className="jp-Coursewright-group">{title}</h3>
      <ul className="jp-Coursewright-list">
        {cards.map(card => (
          <Card key={card.key} card={card} model={model} trans={trans} />
        ))}
      </ul>
    </section>
  );
}

function Card({ card, model, trans }: IProps & { card: ICourseCard }): React.ReactElement {
  const way = React.useRef<HTMLButtonElement>(null);
  const returned = model.state.left === card.key;
  React.useEffect(() => {
    if (returned) {
      way.current?.focus();
    }
  }, [returned]);
  const busy = model.state.busy === card.key;
  const enrolled = card.role !== null;
  return (
    <li className="jp-Coursewright-card">
      <h4>{card.title}</h4>
      <span className="jp-Coursewright-quiet">
        {trans._n('%1 lesson', '%1 lessons', card.lessons)}
        {card.level && ` · ${levelWord(trans, card.level)}`}
      </span>
      {card.summary && <p>{card.summary}</p>}
      <button
        ref={way}
        type="button"
        className="jp-mod-styled jp-mod-accept"
        disabled={busy}
        aria-label={
          enrolled ? trans.__('Open %1', card.title) : trans.__('Enrol in %1', card.title)
        }
        onClick={() => void (enrolled ? model.enter(card.key) : model.enrol(card.key))}
      >
        {enrolled ? trans.__('Open') : busy ? trans.__('Enrolling…') : trans.__('Enrol')}
      </button>
    </li>
  );
}
