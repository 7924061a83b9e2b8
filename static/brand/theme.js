// Before the first paint: a chosen theme must not flash the other one.
(() => {
  let theme = null;
  try {
    theme = localStorage.getItem('stepwell.theme');
  } catch {
    // Storage may be forbidden; the system's theme is a fine answer.
  }
  const dark =
    theme === 'dark' ||
    (theme !== 'light' && window.matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.classList.toggle('dark', dark);
})();
