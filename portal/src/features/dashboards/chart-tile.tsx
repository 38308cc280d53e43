// SPDX-License-Identifier: LicenseRef-Helios-Commercial
"use client";
import { ChartLine, Ellipsis, GripVertical, MoveDiagonal2, Table2 } from "lucide-react";
import { useState, type ComponentProps, type CSSProperties, type KeyboardEvent } from "react";
import { Button } from "@/components/ui/button";
import { DropdownMenu, DropdownMenuContent, DropdownMenuItem, DropdownMenuSeparator, DropdownMenuTrigger } from "@/components/ui/dropdown-menu";
import { cn } from "@/lib/cn";
import type { Chart } from "./dashboards";
import type { Direction } from "./grid";
import { TileChart } from "./tile-chart";

type Handle = Pick<ComponentProps<"button">, "onPointerDown" | "onPointerMove" | "onPointerUp" | "onPointerCancel">;

export type TileEditing = {
  mover: Handle;
  resizer: Handle;
  onKeyDown: (event: KeyboardEvent) => void;
  onMove: (direction: Direction) => void;
  onResize: (wider: number, higher: number) => void;
  onEdit: () => void;
  onRemove: () => void;
};

type ChartTileProps = { chart: Chart; hours: number; order: number; dragged: boolean; editing?: TileEditing };

/** A chart at its place, with what moves and changes it where it is composed. */
export function ChartTile({ chart, hours, order, dragged, editing }: ChartTileProps) {
  const [table, setTable] = useState(false);
  const { title, x, y, width, height } = chart;
  const place = { "--column": `${x + 1} / span ${width}`, "--row": `${y + 1} / span ${height}`, order } as CSSProperties;
  return (
    <section aria-label={title} style={place} className={cn("relative flex min-w-0 flex-col rounded-lg border bg-card max-md:h-72 md:[grid-column:var(--column)] md:[grid-row:var(--row)]", dragged && "z-10 border-ring shadow-lg")}>
      <header className="flex h-11 shrink-0 items-center gap-1 pr-1.5 pl-4">
        {editing && (
          <Button
            variant="ghost"
            size="icon"
            className="-ml-2.5 cursor-grab touch-none text-muted-foreground active:cursor-grabbing max-md:hidden"
            aria-label={`Move ${title}: arrow keys, with Shift they resize`}
            title="Drag, or use the arrow keys; with Shift they resize"
            onKeyDown={editing.onKeyDown}
            {...editing.mover}
          >
            <GripVertical />
          </Button>
        )}
        <h2 className="min-w-0 flex-1 truncate text-sm font-medium" title={title}>{title}</h2>
        <Button variant="ghost" size="icon" className="text-muted-foreground" aria-pressed={table} aria-label={`${title} as ${table ? "chart" : "table"}`} onClick={() => setTable(!table)}>{table ? <ChartLine /> : <Table2 />}</Button>
        {editing && <TileMenu title={title} editing={editing} />}
      </header>
      <div className="min-h-0 flex-1 px-4 pb-3"><TileChart chart={chart} hours={hours} table={table} /></div>
      {editing && (
        <button type="button" tabIndex={-1} aria-hidden className="absolute right-0.5 bottom-0.5 cursor-nwse-resize touch-none rounded p-0.5 text-muted-foreground max-md:hidden" {...editing.resizer}>
          <MoveDiagonal2 className="size-3.5" />
        </button>
      )}
    </section>
  );
}

function TileMenu({ title, editing }: { title: string; editing: TileEditing }) {
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button variant="ghost" size="icon" className="text-muted-foreground" aria-label={`Change ${title}`}><Ellipsis /></Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent align="end">
        <DropdownMenuItem onSelect={editing.onEdit}>Edit…</DropdownMenuItem>
        <DropdownMenuSeparator />
        {(["left", "right", "up", "down"] as const).map((direction) => <DropdownMenuItem key={direction} className={cn((direction === "left" || direction === "right") && "max-md:hidden")} onSelect={() => editing.onMove(direction)}>Move {direction}</DropdownMenuItem>)}
        <DropdownMenuSeparator className="max-md:hidden" />
        {([["Wider", 1, 0], ["Narrower", -1, 0], ["Taller", 0, 1], ["Shorter", 0, -1]] as const).map(([name, wider, higher]) => <DropdownMenuItem key={name} className="max-md:hidden" onSelect={() => editing.onResize(wider, higher)}>{name}</DropdownMenuItem>)}
        <DropdownMenuSeparator />
        <DropdownMenuItem onSelect={editing.onRemove}>Remove</DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
