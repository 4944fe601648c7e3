/** The left side panel: catalogue or outline above, the open lesson below. */

import { Message } from '@lumino/messaging';
import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';

import { IApi } from './api';
import { Catalogue } from './catalogue';
import { CoursesModel } from './courses';
import { ISection } from './desk';
import { courseIcon } from './icons';
import { LessonModel } from './lesson';
import { Outline } from './outline';
import { Result } from './result';
import { isOutdated } from './states';
import { ITrans, outcome } from './words';

export class CoursesPanel extends ReactWidget {
  constructor(
    private readonly _courses: CoursesModel,
    private readonly _lesson: LessonModel,
    private readonly _api: IApi,
    private readonly _trans: ITrans
  ) {
    super();
    this.id = 'coursewright-courses';
    this.title.icon = courseIcon;
    this.title.caption = this._trans.__('Courses');
    this.addClass('jp-Coursewright');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', this._trans.__('Courses'));
    this._courses.changed.connect(this.update, this);
    this._lesson.changed.connect(this.update, this);
  }

  /** Show a part that another plugin brings. */
  addSection(section: ISection): void {
    this._sections = [...this._sections, section].sort((a, b) => a.rank - b.rank);
    section.changed?.connect(this.update, this);
    this.update();
  }

  protected override onAfterShow(_: Message): void {
    if (!this._courses.state.courses && !this._courses.state.loading) {
      void this._courses.refresh();
    }
  }

  protected override onActivateRequest(_: Message): void {
    const { node } = this;
    (node.querySelector<HTMLElement>('input') ?? node.querySelector('h2'))?.focus();
  }

  protected render(): React.ReactElement {
    const { at } = this._courses.state;
    const own = this._lesson.state.notebook?.belonging;
    return (
      <>
        {this._place('top')}
        {at === null ? (
          <Catalogue model={this._courses} trans={this._trans} />
        ) : (
          <Outline
            key={at}
            model={this._courses}
            trans={this._trans}
            current={own?.course === at ? own.lesson : null}
            more={this._place('course')}
          />
        )}
        <Result
          model={this._lesson}
          trans={this._trans}
          title={this._lessonTitle()}
          newer={this._isNewer()}
          feedbackAddress={id => this._api.feedbackAddress(id)}
          more={this._place('lesson')}
        />
        <div className="jp-Coursewright-spoken" role="status" aria-live="polite">
          {this._spoken()}
        </div>
      </>
    );
  }

  private _place(place: ISection['place']): React.ReactElement[] {
    return this._sections
      .filter(section => section.place === place)
      .map(section => <React.Fragment key={section.id}>{section.render()}</React.Fragment>);
  }

  private _lessonTitle(): string {
    const { notebook } = this._lesson.state;
    const { course } = this._courses.state;
    if (!notebook) {
      return '';
    }
    const { lesson } = notebook.belonging;
    const known =
      course?.key === notebook.belonging.course
        ? course.modules.flatMap(module => module.lessons).find(item => item.key === lesson)
        : undefined;
    return known?.title ?? lesson;
  }

  /** Whether the open lesson has a newer version, and nothing else says so. */
  private _isNewer(): boolean {
    const own = this._lesson.state.notebook?.belonging;
    const { course } = this._courses.state;
    const lesson =
      course?.key === own?.course
        ? course?.modules.flatMap(module => module.lessons).find(one => one.key === own?.lesson)
        : undefined;
    return lesson !== undefined && isOutdated(lesson);
  }

  private _spoken(): string {
    const { step, receipt, attempts } = this._lesson.state;
    switch (step) {
      case 'saving':
      case 'sending':
        return this._trans.__('Submitting…');
      case 'waiting':
        return this._trans.__('Received as attempt %1. Waiting for the score.', receipt?.attempt);
      default:
        return receipt && attempts?.[0] ? outcome(this._trans, attempts[0]) : '';
    }
  }

  private _sections: ISection[] = [];
}
