"""An analysis is a job: kept in a folder of its own, done by one worker, begun again if cut off."""

from lhs_service.jobs.catalogue import Catalogue
from lhs_service.jobs.record import Analysis, Progress, State, StoredFile, Summary
from lhs_service.jobs.worker import Worker

__all__ = ["Analysis", "Catalogue", "Progress", "State", "StoredFile", "Summary", "Worker"]
