/** Elements, and amounts and times as people read them. All text goes in as text, never as HTML. */

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

/** An element; children are elements, or anything that is shown as text. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    made.setAttribute(key, value);
  }
  made.append(...children.map(child => (child instanceof Node ? child : String(child))));
  return made;
}

/** Gives an element these children; what is the same stays, and with it what somebody has selected. */
export function fill(place, children) {
  children.forEach((child, i) => {
    const before = place.children[i];
    if (!before) {
      place.append(child);
    } else if (!before.isEqualNode(child)) {
      before.replaceWith(child);
    }
  });
  while (place.children.length > children.length) {
    place.lastElementChild.remove();
  }
}

/** Says it where it is news: a screen reader repeats what is set anew. */
export function say(place, words) {
  if (place.textContent !== words) {
    place.textContent = words;
  }
}

/** A size, such as 1.5 GiB. */
export function bytes(count) {
  let amount = count;
  let unit = 0;
  while (amount >= 1024 && unit < UNITS.length - 1) {
    amount /= 1024;
    unit++;
  }
  return (unit === 0 ? Math.round(amount) : amount.toFixed(1)) + " " + UNITS[unit];
}

/** A rate, such as 96.3 MiB/s. */
export function rate(bytesPerSecond) {
  return bytes(bytesPerSecond) + "/s";
}

/** How long something takes: 1.5 s, 2:05, 1:02:05 or 3 d 4 h. */
export function seconds(count) {
  if (count < 100) {
    return (count < 10 && count > 0 ? count.toFixed(1) : Math.round(count)) + " s";
  }
  const whole = Math.floor(count);
  const [days, hours] = [Math.floor(whole / 86400), Math.floor(whole / 3600) % 24];
  const [minutes, rest] = [Math.floor(whole / 60) % 60, whole % 60];
  const two = part => String(part).padStart(2, "0");
  if (days > 0) {
    return days + " d " + hours + " h";
  }
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** A moment, in the reader's time zone; the whole of it for whoever points at it. */
export function time(text) {
  const moment = new Date(text);
  const today = moment.toDateString() === new Date().toDateString();
  const shown = today ? moment.toLocaleTimeString() : moment.toLocaleString();
  return element("time", { datetime: text, title: moment.toString() }, shown);
}

/** What a problem document says, in one line. */
export function problem(document) {
  return [document.detail || document.title, document.remedy].filter(Boolean).join(" ");
}
