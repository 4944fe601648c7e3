// Dates in the time zone of whoever reads them, beside those of the course; without this the
// course's stand alone.
const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
const told = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short' });

for (const time of document.querySelectorAll('time[data-local]')) {
  if (!here || time.textContent.includes(`(${here})`)) {
    continue;
  }
  const own = document.createElement('small');
  own.textContent = `${told.format(new Date(time.dateTime))} (${here})`;
  time.after(own);
}
