"""The record's tables. One module per subject; every table that DuckDB mirrors carries `changed_in`."""

from data.models.audit import AuditEntry, AuditKeeping
from data.models.base import Base, Mirrored, UtcTime
from data.models.calendar import AcademicSession, ClassSession
from data.models.completion import CourseCompletionRule, CourseKeyAssignment
from data.models.documents import XapiAttached, XapiAttachment, XapiDocument
from data.models.evidence import CourseProgress, ModuleProgress, ProgressEvent, UnitProgress
from data.models.lineage import TransactionMark
from data.models.people import Guardian, RoleClaim, School, User, UserRole
from data.models.programs import AccessToken, XapiActor, XapiNamed, XapiNamedSet, XapiStatement
from data.models.sign_in import KnownBrowser, PasswordState, RecordInfo, SignInAttempt, SignInSession
from data.models.structure import ClassLearner, ClassTeacher, Course, Enrolment, Module, ModuleSpan, SchoolClass, Unit

__all__ = [
    "AcademicSession",
    "AccessToken",
    "AuditEntry",
    "AuditKeeping",
    "Base",
    "ClassLearner",
    "ClassSession",
    "ClassTeacher",
    "Course",
    "CourseCompletionRule",
    "CourseKeyAssignment",
    "CourseProgress",
    "Enrolment",
    "Guardian",
    "KnownBrowser",
    "Mirrored",
    "Module",
    "ModuleProgress",
    "ModuleSpan",
    "PasswordState",
    "ProgressEvent",
    "RecordInfo",
    "RoleClaim",
    "School",
    "SchoolClass",
    "SignInAttempt",
    "SignInSession",
    "TransactionMark",
    "Unit",
    "UnitProgress",
    "User",
    "UserRole",
    "UtcTime",
    "XapiActor",
    "XapiAttached",
    "XapiAttachment",
    "XapiDocument",
    "XapiNamed",
    "XapiNamedSet",
    "XapiStatement",
]
