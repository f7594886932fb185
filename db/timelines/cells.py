"""The same sums from rollups, where bins are wide: cells that lie in one bin are taken, the others' rows are read."""

from bisect import bisect_right
from typing import Any, Final

from sqlalchemy import Connection, select

from core.rollups import CELL_US
from core.timeline import bin_start_us
from db.observations import PROB_COLUMNS
from db.row_tables import FaceRollupTable, FrameRollupTable
from db.timelines.frame_ranges import Span
from db.timelines.sums import PointSums, Sums, added, sums_of_rows

#: In narrower bins hardly a cell lies within one.
MIN_BIN_US: Final = CELL_US // 2

#: From so many stretches of rows on, one long one is quicker.
_MAX_NUM_STRETCHES: Final = 200


def sums_of_cells(connection: Connection, job_id: str, span: Span, *, bin_us: int) -> Sums:
    """Add up the rows of a span that begins and ends with a bin."""
    frames, faces = FrameRollupTable.__table__.c, FaceRollupTable.__table__.c
    cells = connection.execute(_overlapping(FrameRollupTable, job_id, span).order_by(frames.first_us)).all()
    if not cells:  # a gap, or a job of before there were cells
        return sums_of_rows(connection, job_id, span, bin_us=bin_us)
    across = [cell for cell in cells if _crosses(cell, bin_us)]
    if len(across) > _MAX_NUM_STRETCHES:
        return sums_of_rows(connection, job_id, span, bin_us=bin_us)
    found = added(
        {
            bin_start_us(cell.first_us, bin_us): PointSums(
                num_frames=cell.num_frames,
                num_face_frames=cell.num_face_frames,
                num_rejected_frames=cell.num_rejected_frames,
                num_undecodable_frames=cell.num_undecodable_frames,
            )
        }
        for cell in cells
        if not _crosses(cell, bin_us)
    )
    begins_us = [cell.first_us for cell in cells]
    for row in connection.execute(_overlapping(FaceRollupTable, job_id, span).order_by(faces.first_us)):
        frame_cell = cells[bisect_right(begins_us, row.first_us) - 1]  # cells do not overlap: the one it is of
        if not _crosses(frame_cell, bin_us):
            start_us = bin_start_us(row.first_us, bin_us)
            probs = tuple(row._mapping[name] for name in PROB_COLUMNS)
            found[start_us] = found[start_us].plus(PointSums(num_faces=row.num_faces, sum_probs=probs))
    stretches = [(max(cell.first_us, span[0]), min(cell.last_us + 1, span[1])) for cell in across]
    rows = (sums_of_rows(connection, job_id, stretch, bin_us=bin_us) for stretch in stretches)
    return added([found, *rows])


def _overlapping(table: type[FrameRollupTable] | type[FaceRollupTable], job_id: str, span: Span) -> Any:
    """Select the cells that touch a span; none is longer than a minute, so that the key bounds the search."""
    return select(table.__table__).where(
        table.job_id == job_id, table.first_us > span[0] - CELL_US, table.first_us < span[1], table.last_us >= span[0]
    )


def _crosses(cell: Any, bin_us: int) -> bool:
    return bin_start_us(cell.first_us, bin_us) != bin_start_us(cell.last_us, bin_us)
