// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { useRef, useState, type KeyboardEvent, type PointerEvent } from "react";
import { ChartTile } from "./chart-tile";
import type { Chart } from "./dashboards";
import { inOrder, put, step, type Direction, type Place } from "./grid";

/** Of a row and of what lies between two, in pixels; as in the classes below. */
const ROW = 72;
const GAP = 16;

type ChartGridProps = {
  charts: Chart[];
  /** How far back every chart looks; null: each as it was composed. */
  hours: number | null;
  /** Where it is composed: told all charts at their new places, and which one is to be edited or removed. */
  editing?: { onArrange: (charts: Chart[]) => void; onEdit: (index: number) => void; onRemove: (index: number) => void };
};

type Drag = { index: number; kind: "move" | "resize"; fromX: number; fromY: number; charts: Chart[] };

const KEYS: Record<string, Direction> = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" };

/** Charts at their places; one below the other on a phone. */
export function ChartGrid({ charts, hours, editing }: ChartGridProps) {
  const grid = useRef<HTMLDivElement>(null);
  const [drag, setDrag] = useState<Drag | null>(null);
  const [said, setSaid] = useState("");
  const shown = drag?.charts ?? charts;
  const order = new Map(inOrder(shown).map((chart, rank) => [chart, rank]));

  const arrange = (index: number, arranged: Chart[]) => {
    const chart = arranged[index];
    if (chart) setSaid(`${chart.title}: column ${chart.x + 1}, row ${chart.y + 1}, ${chart.width} wide, ${chart.height} high`);
    editing?.onArrange(arranged);
  };
  const move = (index: number, direction: Direction) => arrange(index, step(charts, index, direction));
  const resize = (index: number, wider: number, higher: number) => {
    const chart = charts[index];
    if (chart) arrange(index, put(charts, index, { ...chart, width: Math.min(chart.width + wider, 12 - chart.x), height: chart.height + higher }));
  };
  const onKeyDown = (event: KeyboardEvent, index: number) => {
    if (event.key === "Escape" && drag) return setDrag(null);
    const direction = KEYS[event.key];
    if (!direction || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    if (!event.shiftKey) return move(index, direction);
    resize(index, { left: -1, right: 1, up: 0, down: 0 }[direction], { left: 0, right: 0, up: -1, down: 1 }[direction]);
  };
  const handle = (index: number, kind: Drag["kind"]) => ({
    onPointerDown: (event: PointerEvent) => {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      setDrag({ index, kind, fromX: event.pageX, fromY: event.pageY, charts });
    },
    onPointerMove: (event: PointerEvent) => {
      const from = charts[index];
      if (!drag || !from || !grid.current) return;
      const across = Math.round((event.pageX - drag.fromX) / ((grid.current.clientWidth + GAP) / 12));
      const down = Math.round((event.pageY - drag.fromY) / (ROW + GAP));
      const to: Place = kind === "move" ? { ...from, x: from.x + across, y: from.y + down } : { ...from, width: Math.min(from.width + across, 12 - from.x), height: from.height + down };
      setDrag({ ...drag, charts: put(charts, index, to) });
    },
    onPointerUp: () => {
      if (drag) arrange(index, drag.charts);
      setDrag(null);
    },
    onPointerCancel: () => setDrag(null),
  });
  return (
    <>
      <div ref={grid} className="grid grid-cols-1 gap-4 md:auto-rows-[4.5rem] md:grid-cols-12">
        {shown.map((chart, index) => (
          <ChartTile
            key={index}
            chart={chart}
            hours={hours ?? chart.hours}
            order={order.get(chart) ?? index}
            dragged={drag?.index === index}
            editing={editing && {
              mover: handle(index, "move"),
              resizer: handle(index, "resize"),
              onKeyDown: (event) => onKeyDown(event, index),
              onMove: (direction) => move(index, direction),
              onResize: (wider, higher) => resize(index, wider, higher),
              onEdit: () => editing.onEdit(index),
              onRemove: () => editing.onRemove(index),
            }}
          />
        ))}
      </div>
      {editing && <p role="status" className="sr-only">{said}</p>}
    </>
  );
}
