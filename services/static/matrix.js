/** In the matrix the arrow keys go from cell to cell; Tab leaves it after one. */

const table = document.getElementById('matrix');
const STEPS = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  Home: [0, -Infinity],
  End: [0, Infinity],
  PageUp: [-10, 0],
  PageDown: [10, 0]
};

/** What takes the focus in a cell: its link or its box, else the cell itself. */
function target(cell) {
  return cell.querySelector('a, input') ?? cell;
}

function within(place, count) {
  return Math.min(Math.max(place, 0), count - 1);
}

function go(cell) {
  for (const other of table.querySelectorAll('[tabindex="0"]')) {
    other.tabIndex = -1;
  }
  const place = target(cell);
  place.tabIndex = 0;
  place.focus();
  cell.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}

if (table) {
  const rows = [...table.tBodies[0].rows];
  for (const cell of rows.flatMap(row => [...row.cells])) {
    target(cell).tabIndex = -1;
  }
  target(rows[0].cells[0]).tabIndex = 0;
  table.addEventListener('focusin', event => {
    const cell = event.target.closest('td, th');
    if (cell && event.target.tabIndex < 0) {
      go(cell);
    }
  });
  table.addEventListener('keydown', event => {
    const step = STEPS[event.key];
    const cell = event.target.closest('td, th');
    if (!step || !cell) {
      return;
    }
    event.preventDefault();
    const row = rows[within(cell.parentElement.rowIndex - 1 + step[0], rows.length)];
    go(row.cells[within(cell.cellIndex + step[1], row.cells.length)]);
  });
}
