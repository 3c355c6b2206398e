/** Lengths of time as people read them: `38 ms`, `4.2 s`, `12 min 03 s`, `2 h 10 min`, `3 d 4 h`. */
export function duration(milliseconds: number): string {
  const spent = Math.max(0, milliseconds);
  if (spent < 1) return `${spent.toFixed(1)} ms`;
  if (spent < 1000) return `${Math.round(spent)} ms`;
  if (spent < 59_950) return `${(spent / 1000).toFixed(1)} s`;
  const seconds = Math.round(spent / 1000);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${pad(seconds % 60)} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${pad(minutes % 60)} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** A length of time that is being counted up: `02:13`, `1:02:13`. */
export function clock(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const hours = Math.floor(seconds / 3600);
  const rest = `${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}

function pad(value: number): string {
  return String(value).padStart(2, "0");
}
