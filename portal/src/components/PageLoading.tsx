import { Skeleton, SkeletonItem, makeStyles } from "@fluentui/react-components";
import { t } from "@/strings/text";

const useStyles = makeStyles({
  page: { display: "flex", flexDirection: "column", gap: "12px", padding: "16px 24px" },
  title: { width: "240px" },
});

/** The shape of a page while its code or its first data is on the way. */
export function PageLoading() {
  const styles = useStyles();
  return (
    <Skeleton className={styles.page} aria-label={t("common.loading")}>
      <SkeletonItem size={24} className={styles.title} />
      <SkeletonItem size={36} />
      {Array.from({ length: 8 }, (_, index) => (
        <SkeletonItem key={index} size={32} />
      ))}
    </Skeleton>
  );
}
