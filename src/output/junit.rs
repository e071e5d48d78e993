//! XML for test reports: a suite for each project, a failed case for each error or warning.

use std::io::{self, Write};
use std::path::Path;

use quick_junit::{NonSuccessKind, Report as Junit, TestCase, TestCaseStatus, TestSuite};

use super::json::{Place, place_of, range};
use super::{ProjectReport, Report};
use crate::error::Error;
use crate::fs::path::slashed;
use crate::project::finding::Severity;

/// Writes a suite for each project, and one with an error for each file that could not be read.
pub fn junit(report: &Report, verbose: bool, out: &mut impl Write) -> io::Result<()> {
    let mut junit = Junit::new("cachekeys");
    junit.add_test_suites(report.projects.iter().map(|project| suite(project, verbose)));
    junit.add_test_suites(report.errors.iter().map(error_suite));
    junit.serialize(out).map_err(io::Error::other)
}

fn suite(project: &ProjectReport, verbose: bool) -> TestSuite {
    let path = slashed(&project.pyproject);
    let mut suite = TestSuite::new(path.as_str());
    for finding in project.findings.iter().filter(|finding| finding.is_shown(verbose)) {
        let place = finding.span.clone().map(|span| range(project.shown_text(), span));
        let place = at(&project.pyproject, place.as_ref());
        let text = format!("{place}: {}: {}", finding.severity.as_str(), finding.advice());
        // An info is not a failure, since it does not change the exit code.
        let is_info = finding.severity == Severity::Info;
        let mut status = TestCaseStatus::success();
        if !is_info {
            status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status
                .set_message(finding.message.as_str())
                .set_type(finding.severity.as_str())
                .set_description(text.as_str());
        }
        let mut case = TestCase::new(format!("{} {} at {place}", finding.code, finding.name), status);
        case.set_classname(path.as_str());
        if is_info {
            case.set_system_out(text);
        }
        suite.add_test_case(case);
    }
    // Viewers assume that a suite without cases did not run.
    if suite.test_cases.is_empty() {
        let mut case = TestCase::new("cachekeys check", TestCaseStatus::success());
        case.set_classname(path);
        suite.add_test_case(case);
    }
    suite
}

fn error_suite(error: &Error) -> TestSuite {
    let path = error.path().map(slashed).unwrap_or_default();
    let place = error.path().map(|path| at(path, place_of(error).as_ref())).unwrap_or_default();
    let message = error.to_string();
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
    status.set_message(message.as_str()).set_type("error").set_description(format!("{place}: {message}"));
    let mut case = TestCase::new("cachekeys check", status);
    case.set_classname(path.as_str());
    let mut suite = TestSuite::new(path);
    suite.add_test_case(case);
    suite
}

fn at(path: &Path, place: Option<&Place>) -> String {
    let (line, column) = place.map_or((1, 1), |place| (place.start.line, place.start.column));
    format!("{}:{line}:{column}", slashed(path))
}
