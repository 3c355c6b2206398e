/** What of the designer is on the page: the view, the tabs, the panel, the layer above all. */
import { useState, type Dispatch } from "react";
import { flushSync } from "react-dom";
import type { FlowVariable } from "@/api/portal";
import type { Wanted } from "@/designer/model/desktop/find";
import { remember, remembered } from "@/preferences/remembered";
import type { TextKey } from "@/strings/text";
import type { EditorAction } from "./editor";
import { focusAtOnce, focusPane } from "./focus";
import type { Beginning } from "./useDebugging";
import { useDrawer, type Drawer } from "./useDrawer";

export type View = "cards" | "text" | "both";

/** What lies above everything else. */
export type Layer =
  | { readonly kind: "add"; readonly at?: number }
  | { readonly kind: "subflow" | "run" | "publishWithNote" | "unused" }
  | { readonly kind: "inputs"; readonly beginning: Beginning }
  | { readonly kind: "deleteSubflow"; readonly name: string }
  | { readonly kind: "rename"; readonly variable: FlowVariable }
  | { readonly kind: "pickVariable"; readonly title: TextKey; readonly variables: readonly FlowVariable[]; readonly then: (variable: FlowVariable) => void }
  | { readonly kind: "breakpoint"; readonly key: number }
  | { readonly kind: "goTo"; readonly inText: boolean }
  | { readonly kind: "conflict"; readonly message: string };

/** What the pane *Find results* looks for, and what it puts in its place. */
export interface Search extends Wanted {
  /** A variable whose usages are shown instead. */
  readonly variable: string | undefined;
  readonly replaces: boolean;
  readonly by: string;
}

const NOTHING: Search = { text: "", matchCase: false, wholeName: false, variable: undefined, replaces: false, by: "" };

export interface Look {
  readonly view: View;
  readonly show: (view: View) => void;
  /** The pane at the right that is in front, by its id. */
  readonly side: string;
  readonly openSide: (id: string) => void;
  readonly drawer: Drawer;
  /** The pane below that is in front, by its id. */
  readonly bottom: string;
  readonly openBottom: (id: string) => void;
  /** Whether only the tabs of the panes below are shown, which leaves more room to the flow. */
  readonly isBottomFolded: boolean;
  readonly foldBottom: (folded: boolean) => void;
  readonly search: Search;
  readonly setSearch: (change: Partial<Search>) => void;
  /** Show what is found in the flow. */
  readonly find: (change: Partial<Search>) => void;
  /** Ask what to look for. */
  readonly askWhat: (change: Partial<Search>) => void;
  readonly layer: Layer | undefined;
  readonly open: (layer: Layer) => void;
  readonly close: () => void;
  /** The row whose fields are open, by its key. */
  readonly panel: number | undefined;
  readonly openPanel: (key: number | undefined) => void;
  readonly closePanel: () => void;
  readonly note: string | undefined;
  readonly tell: (note: string | undefined) => void;
  /** Go to a row. */
  readonly go: (subflow: string, at: number) => void;
}

export function useLook(dispatch: Dispatch<EditorAction>): Look {
  const [view, setView] = useState<View>(() => remembered<View>("designerView", "cards"));
  const [side, openSide] = useState("variables");
  const drawer = useDrawer();
  const [bottom, setBottom] = useState("problems");
  const [isBottomFolded, setBottomFolded] = useState(() => remembered("designerBottomFolded", false));
  const foldBottom = (folded: boolean) => {
    setBottomFolded(folded);
    remember("designerBottomFolded", folded);
  };
  const openBottom = (id: string) => {
    setBottom(id);
    setBottomFolded(false);
  };
  const [search, changeSearch] = useState(NOTHING);
  const setSearch = (change: Partial<Search>) => changeSearch((before) => ({ ...before, variable: undefined, ...change }));
  const [layer, setLayer] = useState<Layer>();
  const [panel, openPanel] = useState<number>();
  const [note, tell] = useState<string>();
  return {
    view,
    show: (next) => {
      setView(next);
      remember("designerView", next);
    },
    side,
    openSide,
    drawer,
    bottom,
    openBottom,
    isBottomFolded,
    foldBottom,
    search,
    setSearch,
    find: (change) => {
      openBottom("find");
      setSearch({ replaces: false, ...change });
    },
    askWhat: (change) => {
      flushSync(() => {
        openBottom("find");
        setSearch(change);
      });
      focusAtOnce("find");
    },
    layer,
    open: setLayer,
    close: () => setLayer(undefined),
    panel,
    openPanel,
    closePanel: () => {
      openPanel(undefined);
      focusPane("workspace");
    },
    note,
    tell,
    go: (name, at) => {
      dispatch({ type: "open", subflow: name, row: at });
      focusPane("workspace");
    },
  };
}
