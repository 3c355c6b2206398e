import { Button, Menu, MenuItem, MenuList, MenuPopover, MenuTrigger, Spinner, makeStyles, tokens } from "@fluentui/react-components";
import { Image20Regular, ImageAdd20Regular, MoreHorizontal20Regular } from "@fluentui/react-icons";
import { useMutation } from "@tanstack/react-query";
import { useRef, useState } from "react";
import type { FlowImage } from "@/api/portal";
import { EmptyState } from "@/components/EmptyState";
import { ErrorMessage } from "@/components/ErrorMessage";
import { Explained } from "@/components/Explained";
import { NameDialog } from "@/components/NameDialog";
import { UserText } from "@/components/UserText";
import { t } from "@/strings/text";
import { useDesigner } from "./designer";
import { Missing } from "./ElementsPane";
import { usePaneStyles } from "./paneStyles";
import { importing, removing, renamingImage, useElements } from "./useElements";
import { UnusedMenu } from "./UnusedMenu";

const LARGEST = 1024 * 1024;

const useStyles = makeStyles({
  picture: {
    flexShrink: 0,
    width: "64px",
    height: "48px",
    objectFit: "contain",
    borderRadius: tokens.borderRadiusMedium,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    backgroundColor: tokens.colorNeutralBackground3,
    display: "flex",
    alignItems: "center",
    justifyContent: "center",
    color: tokens.colorNeutralForeground2,
  },
  large: { maxWidth: "100%", maxHeight: "240px", objectFit: "contain", alignSelf: "center" },
  hidden: { display: "none" },
});

interface Chosen {
  readonly name: string;
  readonly png: string;
}

/** What actions look for on the screen: thumbnails, where they are used, what they are called. */
export function ImagesPane() {
  const styles = usePaneStyles();
  const own = useStyles();
  const { whyNot, look, isStale } = useDesigner();
  const { found, error, change, changeNow } = useElements();
  const [renamed, setRenamed] = useState<FlowImage>();
  const [chosen, setChosen] = useState<Chosen>();
  const files = useRef<HTMLInputElement>(null);
  const choose = useMutation({ mutationFn: readPng, onSuccess: setChosen });
  const failure = error ?? choose.error;
  const images = found?.images ?? [];
  const unused = images.filter((one) => one.uses.length === 0).map((one) => one.path);
  const removeUnused = () => change(removing([], unused), () => look.tell(t("elements.removed", { count: unused.length })));
  const importButton = (
    <Explained why={whyNot}>
      <Button size="small" icon={<ImageAdd20Regular />} disabledFocusable={whyNot !== undefined} onClick={() => files.current?.click()}>
        {t("images.import")}
      </Button>
    </Explained>
  );
  return (
    <section className={styles.pane} aria-label={t("images.title")}>
      <div className={styles.head}>
        <h2 className={styles.title}>{t("images.title")}</h2>
        {images.length > 0 && importButton}
        {images.length > 0 && <UnusedMenu label="images.list" count={unused.length} whyNot={whyNot} onRemove={removeUnused} />}
      </div>
      <input
        ref={files}
        type="file"
        accept="image/png"
        aria-label={t("images.import")}
        className={own.hidden}
        onChange={(event) => {
          const [file] = event.target.files ?? [];
          if (file !== undefined) choose.mutate(file);
          event.target.value = "";
        }}
      />
      {failure !== null && <ErrorMessage error={failure} />}
      <div className={styles.list}>
        {found === undefined && error === null && !isStale && <Spinner size="tiny" label={t("elements.reading")} />}
        {found?.images.length === 0 && (
          <EmptyState title={t("images.none")} text={t("images.noneText")}>
            {importButton}
          </EmptyState>
        )}
        <ul className={styles.rows} aria-label={t("images.list")}>
          {images.map((one) => (
            <ImageRow key={one.reference} image={one} whyNot={whyNot} onRename={() => setRenamed(one)} onDelete={() => change(removing([], [one.path]))} />
          ))}
        </ul>
        <Missing found={(found?.missing ?? []).filter((one) => one.reference.toLowerCase().startsWith("imgrepo"))} />
      </div>
      {renamed !== undefined && (
        <NameDialog
          title={t("elements.renameTitle", { name: nameOf(renamed) })}
          label={t("desktop.newName")}
          action={t("desktop.rename")}
          initial={nameOf(renamed)}
          most={200}
          onName={(name) => changeNow(renamingImage(renamed.path, name))}
          onClose={() => setRenamed(undefined)}
        />
      )}
      {chosen !== undefined && (
        <NameDialog
          title={t("images.importTitle", { file: `${chosen.name}.png` })}
          label={t("images.name")}
          action={t("images.importAction")}
          initial={chosen.name}
          most={200}
          onName={(name) => changeNow(importing(name, chosen.png))}
          onClose={() => setChosen(undefined)}
        >
          <img className={own.large} src={`data:image/png;base64,${chosen.png}`} alt="" />
        </NameDialog>
      )}
    </section>
  );
}

interface ImageRowProps {
  readonly image: FlowImage;
  readonly whyNot: string | undefined;
  readonly onRename: () => void;
  readonly onDelete: () => void;
}

function ImageRow({ image, whyNot, onRename, onDelete }: ImageRowProps) {
  const styles = usePaneStyles();
  const own = useStyles();
  const { look } = useDesigner();
  const name = nameOf(image);
  const folder = image.path.slice(0, -1).join(" › ");
  return (
    <li
      className={styles.row}
      onKeyDown={(event) => {
        if (whyNot !== undefined || !["F2", "Delete"].includes(event.key)) return;
        event.preventDefault();
        if (event.key === "F2") onRename();
        else if (image.uses.length === 0) onDelete();
        else look.tell(t("elements.inUse", { count: image.uses.length }));
      }}
    >
      {image.png === "" ? (
        <span className={own.picture} title={t("images.noPicture")}>
          <Image20Regular aria-label={t("images.noPicture")} />
        </span>
      ) : (
        <img className={own.picture} src={`data:image/png;base64,${image.png}`} alt="" />
      )}
      <span className={styles.words}>
        <UserText className={styles.name}>{name}</UserText>
        <span className={styles.quiet}>{[folder !== "" && t("images.folder", { folder }), t("desktop.uses", { count: image.uses.length })].filter(Boolean).join(" · ")}</span>
      </span>
      <Menu>
        <MenuTrigger disableButtonEnhancement>
          <Button size="small" appearance="subtle" icon={<MoreHorizontal20Regular />} aria-label={t("images.more", { name })} />
        </MenuTrigger>
        <MenuPopover>
          <MenuList>
            <MenuItem disabled={whyNot !== undefined} secondaryContent="F2" onClick={onRename}>
              {t("elements.rename")}
            </MenuItem>
            <MenuItem onClick={() => look.find({ text: image.reference, matchCase: false, wholeName: false })}>{t("desktop.findUsages")}</MenuItem>
            <MenuItem onClick={() => void navigator.clipboard.writeText(image.reference)}>{t("elements.copyReference")}</MenuItem>
            <MenuItem disabled={whyNot !== undefined || image.uses.length > 0} secondaryContent={image.uses.length > 0 ? t("desktop.uses", { count: image.uses.length }) : "Del"} onClick={onDelete}>
              {t("elements.delete")}
            </MenuItem>
          </MenuList>
        </MenuPopover>
      </Menu>
    </li>
  );
}

function nameOf(image: FlowImage): string {
  return image.path.at(-1) ?? "";
}

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

async function readPng(file: File): Promise<Chosen> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (file.size > LARGEST || PNG.some((one, at) => bytes[at] !== one)) throw new Error(t("images.notPng", { file: file.name }));
  let letters = "";
  for (const one of bytes) letters += String.fromCharCode(one);
  return { name: file.name.replace(/\.png$/i, ""), png: btoa(letters) };
}
