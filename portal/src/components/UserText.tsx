import type { ComponentProps } from "react";
import { spoken, visible } from "@/strings/visible";

/** What people wrote: it keeps its direction to itself, and nothing hides in it. */
export function UserText({ children, title, ...rest }: ComponentProps<"bdi">) {
  return <bdi {...(title === undefined ? {} : { title: spoken(title) })} {...rest}>{typeof children === "string" ? visible(children) : children}</bdi>;
}
