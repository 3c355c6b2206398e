import type { ComponentProps } from "react";
import { visible } from "@/strings/visible";

/** What people wrote: it keeps its direction to itself, and nothing hides in it. */
export function UserText({ children, ...rest }: ComponentProps<"bdi">) {
  return <bdi {...rest}>{typeof children === "string" ? visible(children) : children}</bdi>;
}
