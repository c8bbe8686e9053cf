import { ListReport } from './list-report';
import { exposureRows, listRows, Row } from './rows';

/** An array of connections; with exposure, an object with them and the exposure. */
export function listJson({ connections, exposure }: ListReport): string {
  const rows = listRows(connections).map(({ src, dst, conn, justifications }) => ({ src, dst, conn, ...(justifications ? { justifications } : {}) }));
  const value = exposure === undefined ? rows : {
    connlist_results: rows,
    exposure_results: {
      egress_exposure: exposureRows(exposure, 'egress').map(withoutCertainty),
      ingress_exposure: exposureRows(exposure, 'ingress').map(withoutCertainty),
      unprotected: exposure.unprotected,
      notes: exposure.notes,
    },
  };
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

const withoutCertainty = ({ src, dst, conn }: Row) => ({ src, dst, conn });
