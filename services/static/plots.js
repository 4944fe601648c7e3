/** Draws each plot from the numbers of the table that stands below it. Needs uplot.js. */

const uPlot = window.uPlot;
const HEIGHT = 260;
const LABEL = 18; // characters of a label below the plot
// Told apart by light as well as by hue; each series has a dash or a fill of its own, too.
const LIGHT = ['#0b6b63', '#b45309', '#3b4cc0'];
const DARK = ['#5fd0c1', '#f2a65a', '#a9b4ff'];
const DASHES = [[], [8, 4], [2, 3]];
const dark = matchMedia('(prefers-color-scheme: dark)');

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function short(text) {
  return text.length > LABEL ? `${text.slice(0, LABEL - 1)}…` : text;
}

/** What the table says: the labels of its rows, and the chosen columns with their names. */
function numbers(place) {
  const table = place.parentElement.querySelector('details table');
  const names = [...table.tHead.rows[0].cells].map(cell => cell.textContent);
  const columns = place.dataset.columns.split(',').map(Number);
  const rows = [...table.tBodies[0].rows].slice(0, Number(place.dataset.shown) || undefined);
  const labels = rows.map(row => row.cells[0].textContent);
  const values = columns.map(column =>
    rows.map(row => {
      const text = row.cells[column].dataset.value;
      return text === '' ? null : Number(text);
    })
  );
  return { labels, names: columns.map(column => names[column]), values };
}

function series(kind, names) {
  const colours = dark.matches ? DARK : LIGHT;
  return names.map((label, place) => {
    const stroke = colours[place];
    if (kind === 'bars') {
      const align = names.length === 1 ? 0 : place === 0 ? -1 : 1;
      const size = names.length === 1 ? 0.7 : 0.36;
      return {
        label,
        stroke,
        width: 2,
        fill: place === 0 ? stroke : `${stroke}33`,
        paths: uPlot.paths.bars({ size: [size, 60], align, gap: align === 0 ? 0 : 2 }),
        points: { show: false }
      };
    }
    const middle = kind !== 'range' || place === 1;
    const dash = kind === 'range' ? (middle ? [] : [4, 4]) : DASHES[place];
    const tone = kind === 'range' ? colours[0] : stroke;
    return { label, stroke: tone, width: middle ? 2.5 : 1.5, dash, points: { show: true, size: 7 } };
  });
}

/** Whether the labels need more room than there is beside each other. */
function steep(labels, width) {
  const most = Math.max(...labels.map(label => short(label).length));
  return most * 7 > width / labels.length - 8 ? most : 0;
}

function axes(labels, unit, slope) {
  const [ink, line] = [colour('--soft'), colour('--line')];
  const font = '12px system-ui, "DejaVu Sans", sans-serif';
  return [
    {
      stroke: ink,
      font,
      grid: { show: false },
      ticks: { stroke: line },
      splits: labels.map((_, place) => place),
      values: () => labels.map(short),
      rotate: slope ? -45 : 0,
      size: slope ? 40 + slope * 4.5 : 34
    },
    {
      stroke: ink,
      font,
      labelFont: font,
      label: unit,
      grid: { stroke: line },
      ticks: { stroke: line },
      size: 52
    }
  ];
}

function draw(place) {
  const kind = place.dataset.plot;
  const { labels, names, values } = numbers(place);
  const width = Math.max(240, place.clientWidth);
  const most = Math.max(1, ...values.flat().map(Number));
  const slope = steep(labels, width - 60);
  const options = {
    width,
    height: HEIGHT + (labels.length > 4 ? 40 : 0),
    padding: [null, slope * 3.5, null, null],
    cursor: { drag: { x: false, y: false }, points: { show: kind !== 'bars' } },
    legend: { show: true, live: false },
    scales: {
      x: { time: false, range: [-0.6, labels.length - 0.4] },
      y: { range: [0, most * 1.1] }
    },
    axes: axes(labels, place.dataset.unit, slope),
    series: [
      {},
      ...series(kind, names)
    ],
    bands: kind === 'range' ? [{ series: [3, 1], fill: `${(dark.matches ? DARK : LIGHT)[0]}26` }] : []
  };
  place.replaceChildren();
  new uPlot(options, [labels.map((_, x) => x), ...values], place);
}

const places = [...document.querySelectorAll('.plot')];
const drawAll = () => places.forEach(draw);
drawAll();
dark.addEventListener('change', drawAll);
let before = innerWidth;
addEventListener('resize', () => {
  if (innerWidth !== before) {
    before = innerWidth;
    drawAll();
  }
});
