/** What a course came to, and for each piece the receipt: what every gate saw. */

import * as React from 'react';

import { Prose } from '../parts';
import { ITrans } from '../words';
import { duration, Mark, share } from './controls';
import { gateWord } from './findings';
import { kindWord, pieceWord } from './progress';
import { ICounts, IGate, IPieceReceipt, IReport } from './types';

interface IProps {
  report: IReport;
  receipts: Readonly<Record<string, IPieceReceipt>> | null;
  trans: ITrans;
}

export function Report({ report, receipts, trans }: IProps): React.ReactElement {
  const left = Object.entries(report.abstained_because ?? {});
  return (
    <section aria-label={trans.__('Report')}>
      <h3>{trans.__('Report')}</h3>
      <Counts report={report} trans={trans} />
      <dl className="jp-Coursewright-facts">
        <Fact
          name={trans.__('Promises with a test of their own')}
          value={trans.__('%1 of %2', report.promises_tested, report.promises)}
        />
        <Fact
          name={trans.__('Small mistakes that are noticed')}
          value={
            report.mutation_median === null
              ? trans.__('not measured')
              : trans.__(
                  'median %1, lowest %2',
                  share(report.mutation_median),
                  share(report.mutation_min)
                )
          }
        />
        <Fact name={trans.__('Time')} value={duration(trans, report.seconds)} />
      </dl>
      {left.length > 0 && (
        <>
          <h3>{trans.__('Left out, and why')}</h3>
          <ul>
            {left.map(([place, reasons]) => (
              <li key={place}>
                <strong>{place}</strong>: <Prose text={reasons.join(' ')} />
              </li>
            ))}
          </ul>
        </>
      )}
      <Receipts receipts={Object.values(receipts ?? {})} trans={trans} />
    </section>
  );
}

function Counts({ report, trans }: { report: IReport; trans: ITrans }): React.ReactElement {
  const rows: [string, ICounts][] = [
    [kindWord(trans, 'lesson'), report.lessons],
    [kindWord(trans, 'exercise'), report],
    [trans.__('Quiz questions'), report.questions]
  ];
  return (
    <table className="jp-Coursewright-table">
      <thead>
        <tr>
          <th scope="col">{trans.__('What')}</th>
          <th scope="col">{trans.__('Planned')}</th>
          <th scope="col">{trans.__('Proven')}</th>
          <th scope="col">{trans.__('After repairs')}</th>
          <th scope="col">{trans.__('Left out')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([name, counts]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{counts.planned}</td>
            <td>{counts.accepted}</td>
            <td>{counts.repaired}</td>
            <td>{counts.abstained}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Fact({ name, value }: { name: string; value: string }): React.ReactElement {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function Receipts(props: {
  receipts: readonly IPieceReceipt[];
  trans: ITrans;
}): React.ReactElement | null {
  const { receipts, trans } = props;
  if (!receipts.length) {
    return null;
  }
  return (
    <>
      <h3>{trans.__('Receipts')}</h3>
      {receipts.map(receipt => (
        <Receipt key={receipt.place} receipt={receipt} trans={trans} />
      ))}
    </>
  );
}

function Receipt(props: { receipt: IPieceReceipt; trans: ITrans }): React.ReactElement {
  const { receipt, trans } = props;
  // What every gate saw is long; it is drawn when somebody wants to see it.
  const [open, setOpen] = React.useState(false);
  return (
    <details
      className="jp-Coursewright-receipt"
      onToggle={event => setOpen(event.currentTarget.open)}
    >
      <summary>
        {receipt.place === 'course' ? trans.__('The whole course') : receipt.place}
        {receipt.state && ` · ${pieceWord(trans, receipt.state)}`}
      </summary>
      {open && <Evidence receipt={receipt} trans={trans} />}
    </details>
  );
}

function Evidence(props: { receipt: IPieceReceipt; trans: ITrans }): React.ReactElement {
  const { receipt, trans } = props;
  const calls = receipt.calls ?? [];
  const models = [...new Set(calls.map(call => call.model).filter(Boolean))];
  const tokens = calls.reduce((sum, one) => sum + (one.prompt ?? 0) + (one.completion ?? 0), 0);
  return (
    <>
      <p className="jp-Coursewright-quiet">
        {[
          receipt.maker && trans.__('made by %1', receipt.maker),
          receipt.rounds !== undefined && trans._n('%1 repair', '%1 repairs', receipt.rounds),
          models.length > 0 && models.join(', '),
          tokens > 0 && trans.__('%1 tokens', tokens.toLocaleString())
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
      <ul className="jp-Coursewright-list">
        {(receipt.gates ?? []).map(gate => (
          <Gate key={gate.gate} gate={gate} trans={trans} />
        ))}
      </ul>
    </>
  );
}

function Gate({ gate, trans }: { gate: IGate; trans: ITrans }): React.ReactElement {
  const figures = Object.entries(gate.figures ?? {}).filter(([, value]) => isPlain(value));
  const about = gateWord(trans, gate.gate);
  return (
    <li className="jp-Coursewright-gate">
      <Mark look={gate.passed ? 'good' : 'bad'} text={`${gate.gate}${about && `: ${about}`}`} />
      {figures.length > 0 && (
        <span className="jp-Coursewright-quiet">
          {figures
            .map(([name, value]) => `${name.replaceAll('_', ' ')} ${figure(value)}`)
            .join(', ')}
        </span>
      )}
      {(gate.findings ?? []).map((finding, index) => (
        <p key={index}>
          <Prose text={finding.message} />
        </p>
      ))}
    </li>
  );
}

function isPlain(value: unknown): boolean {
  return ['number', 'boolean', 'string'].includes(typeof value) && String(value).length < 80;
}

function figure(value: unknown): string {
  return typeof value === 'number' ? String(Math.round(value * 1000) / 1000) : String(value);
}
