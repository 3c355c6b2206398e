/** Hears the keys of the designer, wherever the focus is in it. */
import { useEffect } from "react";
import { useLatest } from "@/components/useLatest";
import { obey, type Command } from "./commands";

/** Have keys do what the commands say, while `isOn`. */
export function useKeys(commands: readonly Command[], isOn: boolean): void {
  const latest = useLatest({ commands, isOn });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (latest.current.isOn && !event.defaultPrevented) obey(latest.current.commands, event);
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, [latest]);
}
