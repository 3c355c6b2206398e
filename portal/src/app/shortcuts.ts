/** Keys that work everywhere. Single letters are left alone where somebody types, and can be switched off. */
import { useRouter } from "@tanstack/react-router";
import { useEffect } from "react";
import { toPage } from "@/components/addresses";
import { useLatest } from "@/components/useLatest";
import { preferences } from "@/preferences/preferences";
import { places } from "./navigation";

const CHORD = 1_500;

export interface GlobalShortcuts {
  readonly palette: () => void;
  readonly help: () => void;
}

export function useShortcuts(shortcuts: GlobalShortcuts): void {
  const router = useRouter();
  const latest = useLatest(shortcuts);
  useEffect(() => {
    let chordUntil = 0;
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return;
      if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
        event.preventDefault();
        latest.current.palette();
        return;
      }
      if (!preferences().letterKeys || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (event.key === "?") latest.current.help();
      if (event.key === "/") focusSearch(event);
      const place = Date.now() < chordUntil ? places(true).find((one) => one.key === event.key) : undefined;
      chordUntil = event.key === "g" ? Date.now() + CHORD : 0;
      if (place !== undefined) void router.navigate(toPage(place.to));
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, [router, latest]);
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.matches("input, textarea, select, [role=combobox]") || target.closest("[role=dialog], [role=menu]") !== null;
}

function focusSearch(event: KeyboardEvent): void {
  const search = document.querySelector<HTMLInputElement>("main input[type=search]");
  if (search === null) return;
  event.preventDefault();
  search.focus();
  search.select();
}
