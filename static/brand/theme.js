// Before the first paint: a chosen theme must not flash the other one.
(() => {
  const systemDark = window.matchMedia('(prefers-color-scheme: dark)');
  const paint = () => {
    let theme = null;
    try {
      theme = localStorage.getItem('stepwell.theme');
    } catch {
      // Storage may be forbidden; the system's theme is a fine answer.
    }
    const dark = theme === 'dark' || (theme !== 'light' && systemDark.matches);
    document.documentElement.classList.toggle('dark', dark);
  };
  paint();
  systemDark.addEventListener('change', paint);
})();
