/** The themes: Fluent's own, with the bundled typeface. They differ in tokens alone. */
import { teamsHighContrastTheme, webDarkTheme, webLightTheme, type Theme } from "@fluentui/react-components";
import { useSyncExternalStore } from "react";
import { usePreferences } from "@/preferences/preferences";

const FONTS = {
  fontFamilyBase: "'Open Sans Variable', 'Segoe UI', system-ui, sans-serif",
  fontFamilyMonospace: "'Cascadia Mono', Consolas, ui-monospace, Menlo, monospace",
};

const light: Theme = { ...webLightTheme, ...FONTS };
const dark: Theme = {
  ...webDarkTheme,
  ...FONTS,
  // The library's own are too dim to be read (4.5:1) on a row that the mouse is over.
  colorPaletteGreenForeground1: webDarkTheme.colorPaletteGreenForeground3,
  colorPaletteRedForeground1: webDarkTheme.colorPaletteRedForeground3,
  colorPaletteDarkOrangeForeground1: webDarkTheme.colorPaletteDarkOrangeForeground3,
};
const contrast: Theme = { ...teamsHighContrastTheme, ...FONTS };

const darkSystem = matchMedia("(prefers-color-scheme: dark)");

function subscribe(listener: () => void): () => void {
  darkSystem.addEventListener("change", listener);
  return () => darkSystem.removeEventListener("change", listener);
}

export interface ChosenTheme {
  readonly name: "light" | "dark" | "contrast";
  readonly theme: Theme;
}

/** The theme that the person chose, or their system. */
export function useTheme(): ChosenTheme {
  const { theme } = usePreferences();
  const systemIsDark = useSyncExternalStore(subscribe, () => darkSystem.matches);
  const name = theme === "system" ? (systemIsDark ? "dark" : "light") : theme;
  return { name, theme: { light, dark, contrast }[name] };
}
