import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import AuditEvent, Organization
from licenses.importing import MOST_ROWS, Problem, check
from licenses.models import License, ResellerAccount
from licenses.services import set_pool

pytestmark = pytest.mark.django_db
URL = "/o/alices-agency/customers/import/"
FILE = "reference,name,plan,starts,ends\n1001,Harbour Books,basic,,\n1002,“Garden”; Centre,,,\n"


def upload(client, text: str | bytes):
    content = text if isinstance(text, bytes) else text.encode()
    return client.post(URL, {"file": SimpleUploadedFile("customers.csv", content, "text/csv")})


def problems(text: str, agency: Organization) -> list[tuple[int, str]]:
    return [(problem.line, problem.column) for problem in check(text, reseller=agency).problems]


def test_preview_tells_and_changes_nothing(as_alice, agency):
    response = upload(as_alice, FILE)
    checked = response.context["checked"]
    assert (response.status_code, len(checked.new), checked.licenses) == (200, 2, 1)
    assert (Organization.objects.filter(parent=agency).count(), License.objects.count()) == (0, 0)


def test_all_are_taken_and_the_keys_shown(as_alice, agency):
    text = upload(as_alice, FILE).context["text"]
    response = as_alice.post(URL, {"text": text})
    customers = {c.reference: c for c in Organization.objects.filter(parent=agency)}
    license = License.objects.get()
    assert [customers[reference].name for reference in ("1001", "1002")] == ["Harbour Books", "“Garden”; Centre"]
    assert (license.organization, license.issuer) == (customers["1001"], agency)
    assert [row[2] for row in as_alice.get(response.url).context["rows"]] == ["Harbour Books"]
    assert AuditEvent.objects.filter(action="license.issued", actor__name="alice").count() == 1


def test_same_file_again_does_nothing_more(as_alice, agency):
    for _ in range(2):
        response = as_alice.post(URL, {"text": FILE})
    assert (response.status_code, response.context["checked"].new) == (200, [])
    assert (Organization.objects.filter(parent=agency).count(), License.objects.count()) == (2, 1)


def test_one_line_beyond_the_pool_and_none_is_taken(as_alice, agency):
    response = as_alice.post(URL, {"text": FILE + "1003,Third,,,\n"})
    assert response.status_code == 422
    assert "The pool is too small for this: customers, 2 in all." in response.content.decode()
    assert Organization.objects.filter(parent=agency).count() == 0


def test_every_problem_names_its_line_and_column(agency):
    text = (
        "Reference,name,plan,starts,ends\n"
        ",No reference,,,\n"
        "1,,gold,,\n"
        "\n"
        '2,"Two\nlines",,,\n'
        "2,Again,basic,soon,\n"
        "3,Three,basic,2027-02-01,2027-01-01\n"
        "4,Four,,2027-01-01,\n"
        "5,Five,basic,,,more\n"
    )
    assert problems(text, agency) == [
        (2, "reference"),
        (3, "name"),
        (3, "plan"),
        (7, "reference"),
        (7, "starts"),
        (8, "ends"),
        (9, "starts"),
        (10, ""),
    ]


def test_lines_end_as_every_spreadsheet_ends_them(agency):
    for end in ("\n", "\r\n", "\r"):
        checked = check(FILE.replace("\n", end), reseller=agency)
        assert ([entry.line for entry in checked.entries], checked.problems) == ([2, 3], [])


@pytest.mark.parametrize("rest", ['"Two\n3,Three\n', f'"{"x" * 140_000}\n', '"Two" & sons\n'])
def test_stray_quotation_mark_is_named_by_its_line(as_alice, agency, rest):
    response = upload(as_alice, f"reference,name\n1,One\n2,{rest}")
    problem = Problem(3, "", "A quotation mark is not closed, or stands within a cell.")
    assert (response.status_code, response.context["checked"].problems) == (422, [problem])


def test_character_that_cannot_be_stored_is_a_problem_of_its_cell(agency):
    assert problems("reference,name\n1\0,One\n2,T\0wo\n", agency) == [(2, "reference"), (3, "name")]


@pytest.mark.parametrize("day", ["9999-06-01", "1999-12-31"])
def test_days_are_of_the_centuries_that_licences_are_for(agency, day):
    assert problems(f"reference,name,plan,starts\n1,One,basic,{day}\n", agency) == [(2, "starts")]


@pytest.mark.parametrize("head", ["name", "reference,name,colour", "reference,name,name", ""])
def test_head_that_is_not_understood_is_the_one_problem(agency, head):
    assert problems(f"{head}\n1,One,\n", agency) == [(1, "")]


def test_plan_of_others_is_as_absent_as_none(agency, plan):
    ResellerAccount.objects.filter(organization=agency).update(plan_codes=[])
    texts = [check(f"reference,name,plan\n1,One,{code}\n", reseller=agency).problems for code in ("basic", "none")]
    assert texts[0] == texts[1] == [Problem(2, "plan", "Not one of your plans. They are: none.")]


def test_semicolons_marks_and_exported_apostrophes_are_read(agency):
    [entry] = check("\ufeffreference;name\n'=1;One, Two\n", reseller=agency).entries
    assert (entry.reference, entry.name) == ("=1", "One, Two")


def test_file_has_its_limits(as_alice, agency):
    rows = "".join(f"{number},Name\n" for number in range(MOST_ROWS + 1))
    assert problems(f"reference,name\n{rows}", agency) == [(MOST_ROWS + 2, "")]
    assert upload(as_alice, b"reference,name\n1,\xff\n").status_code == 422
    assert upload(as_alice, "x" * (512 * 1024 + 1)).status_code == 422
    assert as_alice.post(URL, {}).status_code == 422


def test_each_row_takes_a_bearable_number_of_queries(as_alice, agency, plan, django_assert_max_num_queries):
    set_pool(actor=None, reseller=agency, pool=dict.fromkeys(ResellerAccount.objects.get().limits().model_dump(), -1))
    rows = "".join(f"{number},Customer {number},basic\n" for number in range(50))
    with django_assert_max_num_queries(50 * 12 + 40):
        as_alice.post(URL, {"text": f"reference,name,plan\n{rows}"})
    assert License.objects.count() == 50


def test_only_a_resellers_managers_import(as_support, as_operator, as_bob):
    assert as_support.get(URL).status_code == 403
    assert as_operator.get("/o/operations/customers/import/").status_code == 404
    assert as_bob.get("/o/bobs-shop/customers/import/").status_code == 403
