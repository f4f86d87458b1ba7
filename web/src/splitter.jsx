// A divider between two panes. Drag it, move it with the arrow keys, or click it for the next of a few widths.
import { useEffect, useRef, useState } from "react";

const LEAST = 15;
const MOST = 85;
const STEP = 5;

// `of` refers to the element whose children are divided. Its stylesheet reads the width from `--<name>-width`.
export function Splitter({ of, name, label, controls, initial }) {
  const [width, setWidth] = useStoredWidth(`oruk-gateway:${name}-width`, initial);
  const drag = useDragging(of, setWidth, () => setWidth(following(width, initial)));
  useEffect(() => {
    of.current?.style.setProperty(`--${name}-width`, `${width}%`);
  }, [of, name, width]);
  const move = (event) => {
    const to = moved(event.key, width);
    if (to === undefined) return;
    event.preventDefault();
    setWidth(to);
  };
  return (
    <div
      role="separator"
      className="console-splitter"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={label}
      aria-controls={controls}
      aria-valuemin={LEAST}
      aria-valuemax={MOST}
      aria-valuenow={Math.round(width)}
      aria-valuetext={`${Math.round(width)} %`}
      onKeyDown={move}
      {...drag}
    />
  );
}

function useStoredWidth(key, initial) {
  const [width, setWidth] = useState(() => within(Number(localStorage.getItem(key)) || initial));
  const store = (next) => {
    localStorage.setItem(key, within(next));
    setWidth(within(next));
  };
  return [width, store];
}

// A press without a movement of more than 3 pixels is a click.
function useDragging(of, setWidth, onClick) {
  const start = useRef(null);
  return {
    onPointerDown(event) {
      start.current = { x: event.clientX, hasMoved: false };
      event.currentTarget.setPointerCapture(event.pointerId);
    },
    onPointerMove(event) {
      if (!start.current) return;
      start.current.hasMoved ||= Math.abs(event.clientX - start.current.x) > 3;
      const { left, width } = of.current.getBoundingClientRect();
      if (start.current.hasMoved) setWidth(((event.clientX - left) / width) * 100);
    },
    onPointerUp() {
      if (start.current && !start.current.hasMoved) onClick();
      start.current = null;
    },
    onPointerCancel() {
      start.current = null;
    },
  };
}

function following(width, initial) {
  const widths = [initial, 70, 30];
  const at = widths.findIndex((one) => Math.abs(one - width) < 1);
  return widths[(at + 1) % widths.length];
}

function moved(key, width) {
  const steps = { ArrowLeft: width - STEP, ArrowRight: width + STEP, Home: LEAST, End: MOST };
  return steps[key];
}

function within(width) {
  return Math.min(MOST, Math.max(LEAST, width));
}
