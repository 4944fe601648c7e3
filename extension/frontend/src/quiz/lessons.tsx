/** The open lessons that have quizzes; loaded with the first of them. */

import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { UUID } from '@lumino/coreutils';
import { ISignal, Signal } from '@lumino/signaling';
import * as React from 'react';

import { IDesk, IOpenLesson } from '../desk';
import { belonging } from '../words';
import { QuizCells } from './cells';
import { Drafts } from './drafts';
import { QuizList } from './list';
import { QuizModel } from './model';

interface IEntry {
  readonly lesson: IOpenLesson;
  readonly model: QuizModel;
  readonly cells: QuizCells;
}

export class QuizLessons {
  constructor(
    private readonly _desk: IDesk,
    private readonly _rendermime: IRenderMimeRegistry
  ) {
    const prefix = `coursewright:quiz:${_desk.settings.baseUrl}:`;
    this._drafts = new Drafts(window.sessionStorage, prefix, () => UUID.uuid4());
  }

  /** What is shown of any of them. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  add(lesson: IOpenLesson): void {
    const { panel } = lesson;
    if (panel.isDisposed) {
      return;
    }
    const desk = this._desk;
    const model = new QuizModel((path, init) => desk.ask(path, init), this._drafts, lesson.belonging);
    const cells = new QuizCells(panel, model, this._rendermime, desk.trans);
    const entry = { lesson, model, cells };
    this._entries.add(entry);
    panel.disposed.connect(() => this._entries.delete(entry));
    model.changed.connect(() => this._changed.emit());
    model.answered.connect(() => void desk.courses.freshen(lesson.belonging.course));
    panel.context.model.metadataChanged.connect(source => {
      const own = belonging(source.getMetadata('coursewright'));
      if (own) {
        void model.follow(own);
      }
    });
    void model.load();
  }

  /** The list of the lesson in front. */
  list(): React.ReactElement | null {
    const entry = this._inFront();
    return (
      entry && (
        <QuizList
          model={entry.model}
          trans={this._desk.trans}
          show={key => void this._show(entry, key)}
        />
      )
    );
  }

  /** Go to the first quiz of the lesson in front that can still be answered, or to the first. */
  async showNext(): Promise<void> {
    const entry = this._inFront();
    const quizzes = entry?.model.quizzes ?? [];
    const quiz = quizzes.find(one => entry?.model.isOpen(one)) ?? quizzes[0];
    if (entry && quiz) {
      await this._show(entry, quiz.key);
    }
  }

  private async _show(entry: IEntry, key: string): Promise<void> {
    this._desk.documents.openOrReveal(entry.lesson.panel.context.path);
    await entry.cells.show(key);
  }

  private _inFront(): IEntry | null {
    const panel = this._desk.notebooks.currentWidget;
    return [...this._entries].find(entry => entry.lesson.panel === panel) ?? null;
  }

  private readonly _drafts: Drafts;
  private readonly _entries = new Set<IEntry>();
  private readonly _changed = new Signal<this, void>(this);
}
