//! The words of the usual people systems: their column names, the columns that are left out, and the values of columns
//! with a choice. Lists are separated by semicolons; case, spaces, punctuation and diacritics do not count.

use std::collections::HashMap;

use super::{
    headers::{Field, fold},
    reader::{EmploymentType, Status},
};

/// Turns lists of words into a map from each folded word to its meaning and its place in the list.
pub fn dictionary<T: Clone>(lists: &[(T, &'static str)]) -> HashMap<String, (T, usize)> {
    let words = |(meaning, words): &(T, &'static str)| {
        let meaning = meaning.clone();
        listed(words).enumerate().map(move |(place, word)| (fold(word), (meaning.clone(), place)))
    };
    lists.iter().flat_map(words).collect()
}

pub fn listed(words: &'static str) -> impl Iterator<Item = &'static str> {
    words.split(';').map(str::trim)
}

/// For each field, its column names from the most to the least telling.
pub const ALIASES: &[(Field, &str)] = &[
    (
        Field::EmployeeId,
        "employee id; employee number; employee no; employee #; emp id; emp no; worker id; person number; \
         personnel number; payroll id; staff id; staff number; associate id; file number; employee ref; \
         employee reference; employee code; eeid; personalnummer; mitarbeiternummer; mitarbeiter id; id de empleado; \
         numero de empleado; codigo de empleado; identificador de empleado; matricule; user id",
    ),
    (
        Field::Name,
        "preferred full name; name; display name; full name; employee name; worker name; person name; \
         employee full name; employee; worker; person; payroll name; legal name; full legal name; team member; \
         team member name; last name, first name; mitarbeiter; vollstandiger name; anzeigename; nombre completo; \
         nombre y apellidos; empleado; nom complet; naam",
    ),
    (
        Field::FirstName,
        "first name; given name; forename; employee first name; legal first name; legal name - first name; first; \
         vorname; nombre; prenom; voornaam; primeiro nome",
    ),
    (Field::MiddleName, "middle name; middle names; middle initial; legal middle name; mi"),
    (
        Field::LastName,
        "preferred last name; preferred name - last name; last name; surname; family name; employee last name; \
         legal last name; legal name - last name; last; nachname; familienname; apellidos; apellido; nom; \
         nom de famille; achternaam; sobrenome",
    ),
    (
        Field::PreferredName,
        "preferred name; preferred first name; preferred name - first name; known as; nickname; nick name; goes by; \
         bevorzugter name; bevorzugter vorname; rufname; nombre preferido",
    ),
    (Field::Pronouns, "pronouns; preferred pronouns; personal pronouns; pronomen; pronombres; pronoms"),
    (
        Field::Email,
        "work email; work email address; business email; business email address; company email; \
         company email address; corporate email; office email; primary work email; email - primary work; \
         work contact: work email; email; email address; email addresses; mail; primary email; \
         primary email address; email id; employee email; worker email; user email; e-mail-adresse; \
         dienstliche e-mail; geschaftliche e-mail; e-mail (geschaftlich); e-mail (arbeit); correo electronico; \
         correo; correo electronico de empresa; correo corporativo; email de empresa; email corporativo; \
         email de trabajo; courriel; adresse e-mail; email professionnel",
    ),
    (
        Field::PersonalEmail,
        "personal email; personal email address; email (personal); email (home); email (private); private email; \
         home email; home secondary email; recovery email; second email; secondary email; alternate email; \
         alternate email address; other email; personal contact: personal email; private e-mail; \
         private e-mail-adresse; e-mail (privat); email personal; correo personal; correo electronico personal; \
         email personnel",
    ),
    (Field::Login, "login; user principal name; upn; username; user name; sign in name; email login"),
    (
        Field::Title,
        "title; job title; business title; employee title; work title; position title; position; \
         job title description; job position; job name; job; designation; job profile; role; role title; stelle; \
         stellenbezeichnung; berufsbezeichnung; jobtitel; puesto; puesto de trabajo; cargo; poste; \
         intitule du poste; functie",
    ),
    (
        Field::Level,
        "level; job level; career level; seniority; seniority level; grade; job grade; grade name; management level; \
         job level name; band; job band; karrierestufe; stufe; nivel; nivel profesional; niveau",
    ),
    (Field::Team, "team; team path; team name; teams; squad; supervisory organization; equipo; equipos; equipe"),
    (
        Field::Department,
        "department; department name; home department description; home department; department description; \
         departments; dept; function; business unit; business unit description; division; abteilung; bereich; \
         departamento; area; departement; afdeling; \
         org unit path; org unit; organizational unit",
    ),
    (
        Field::Location,
        "location; work location; office; office location; work location name; location name; location description; \
         physical delivery office name; site; workplace; work site; building id; seating location; standort; buro; \
         arbeitsort; arbeitsplatz; niederlassung; lugar de trabajo; centro de trabajo; ubicacion; oficina; sede; \
         lieu de travail; bureau",
    ),
    (Field::City, "city; work city; office city; work location city; stadt; ort; ciudad; ville"),
    (
        Field::Country,
        "country; work country; office country; country of employment; employment country; country code; \
         work location country; country or region; usage location; land; pais; pays",
    ),
    (
        Field::Zone,
        "zone; time zone; timezone; time zone id; user time zone; iana time zone; tz; zeitzone; zona horaria; \
         huso horario; fuseau horaire",
    ),
    (
        Field::WorkingHours,
        "working hours; work schedule; work hours; working pattern; working time; schedule; availability; \
         arbeitszeiten; arbeitszeitmodell; horario; horario laboral; jornada",
    ),
    (
        Field::WeeklyHours,
        "weekly hours; hours per week; hours a week; weekly working hours; hours/week; scheduled weekly hours; \
         contracted hours; contracted hours per week; standard hours; normal hours; scheduled hours; \
         scheduled work hours; default weekly hours; wochenstunden; wochentliche arbeitszeit; \
         wochentliche arbeitsstunden; wochenarbeitszeit; stunden pro woche; horas semanales; horas por semana; \
         heures par semaine",
    ),
    (
        Field::FullTimeShare,
        "fte; fte %; fte percent; fte percentage; full time equivalent; full time share; working percentage; \
         working time percentage; beschaftigungsgrad; pensum; porcentaje de jornada",
    ),
    (
        Field::StartDate,
        "start date; hire date; date of hire; hired on; started on; date hired; employment start date; \
         employee start date; employee hire date; contract start date; most recent hire date; latest hire date; \
         last hire date; rehire date; date of joining; joining date; join date; date joined; work start date; \
         provisional start date; first day; first day of work; original hire date; original hire; \
         enterprise hire date; legal employer hire date; hire date (latest); einstellungsdatum; anstelldatum; \
         eintrittsdatum; eintritt; startdatum; beginn; fecha de inicio; fecha de alta; fecha de incorporacion; \
         fecha de contratacion; fecha de ingreso; fecha de inicio del contrato; date d'embauche; date d'entree; \
         date de debut",
    ),
    (
        Field::EndDate,
        "end date; last working day; last day of work; last day; termination date; terminated on; date terminated; \
         date of termination; actual termination date; employment end date; employee leave date time; date of exit; \
         exit date; leaving date; leave date; date left; contract end date; contract end; completion date; \
         austrittsdatum; austritt; letzter arbeitstag; kundigungsdatum; vertragsende; enddatum; fecha de fin; \
         fecha de baja; fecha de salida; fecha de finalizacion; fecha de fin del contrato; date de fin; \
         date de sortie",
    ),
    (
        Field::EmploymentType,
        "employment type; type of employment; employee type; contract type; worker type; worker category; \
         worker category description; time type; hiring type; assignment category; full/part time; \
         full time or part time; full time/part time; contract; type; beschaftigungsart; anstellungsart; \
         vertragsart; tipo de contrato; tipo de empleo; type de contrat",
    ),
    (
        Field::Status,
        "status; employee status; employment status; employment status description; worker status; position status; \
         assignment status; assignment status type; lifecycle status; hiring status; contract status; user status; \
         account status; mitarbeiterstatus; beschaftigungsstatus; estado; estado del empleado; statut",
    ),
    (Field::Active, "active; is active; account enabled; enabled; active status; currently active; aktiv; activo"),
    (Field::Blocked, "block credential; blocked; is suspended; suspended; is terminated"),
    (
        Field::Manager,
        "manager; reports to; reporting to; reports to name; manager name; line manager; line manager name; \
         direct manager; direct manager name; reporting manager; supervisor; supervisor name; worker's manager; \
         people manager; vorgesetzter; vorgesetzte; vorgesetzte:r; vorgesetzte/r; vorgesetzte(r); fuhrungskraft; \
         responsable; responsable directo; jefe; jefe directo; superior; responsable hierarchique; leidinggevende",
    ),
    (
        Field::ManagerEmail,
        "manager email; manager email address; manager's email; manager work email; manager - email; \
         reports to email; reporting to email; supervisor email; line manager email; direct manager email; \
         reporting manager email; e-mail vorgesetzter; vorgesetzter e-mail; e-mail des vorgesetzten; \
         email del manager; email del responsable",
    ),
    (
        Field::ManagerId,
        "manager id; manager employee id; manager employee number; manager number; manager person number; \
         manager worker id; line manager id; reports to id; reports to employee id; reports to associate id; \
         supervisor id; supervisor eid; supervisor employee id; supervisor employee number; reporting manager id; \
         vorgesetzter personalnummer; personalnummer vorgesetzter; id del manager",
    ),
];

/// Words that make a column sensitive where they stand alone.
pub const SENSITIVE_WORDS: &str = "pay; payroll; rate; wage; wages; bonus; ote; equity; stock; shares; ctc; lohn; ssn; sin; nin; tin; tfn; pan; \
     aadhaar; dni; nie; nif; rfc; curp; cpf; nss; tax; vat; iban; bic; swift; bank; banco; dob; birth; born; age; \
     alter; edad; sex; race; caste; visa; home; personal; private; privat; street; strasse; calle; rue; zip; plz; \
     postal; postcode; mobile; handy; movil; cell; spouse; children; kinder; hijos; dependents; eeo; flsa; aca; \
     password; address; address1; address2; addr1; addr2; adresse; anschrift";

/// Longer parts that make a column sensitive wherever they stand in its name, written without spaces.
pub const SENSITIVE_STEMS: &str = "salary; salaries; salario; sueldo; salaire; gehalt; vergutung; nomina; compensation; remuneration; commission; \
     socialsecurity; sozialversicherung; seguridadsocial; nationalid; nationalinsurance; identitycard; taxid; \
     steuer; kontonummer; accountnumber; routingnumber; sortcode; bankaccount; bankverbindung; cuentabancaria; \
     birthd; birthpl; dateofbirth; geburt; nacimiento; naissance; gender; geschlecht; genero; sexo; marital; \
     civilstatus; familienstand; estadocivil; religio; konfession; ethnic; ethnie; disabilit; behinder; \
     discapacidad; handicap; veteran; military; nationalit; nacionalidad; citizenship; staatsang; passport; \
     reisepass; immigration; workpermit; streetaddress; homeaddress; direccion; domicilio; codigopostal; emergency; \
     notfall; emergencia; dependent; health; medical; krankenkasse; krankenversicherung; insurance; pension; \
     sexualorientation; politic; tradeunion; gewerkschaft; criminal; backgroundcheck; telefonprivat; privattelefon";

/// What systems call the status of a person or of an account.
pub const STATUSES: &[(Status, &str)] = &[
    (
        Status::Active,
        "active; a; employed; current; working; in progress; aktiv; activo; activa; actif; \
         active - payroll eligible; active - no payroll; active - pay eligible; password expired; locked out; \
         recovery; active employee; enabled; confirmed; probation; on probation; notice period; offboarding; \
         offboarding in progress",
    ),
    (
        Status::Upcoming,
        "onboarding; hired; upcoming; pending; invited; initiated; created; staged; provisioned; pre-hire; \
         pre-start; not started; pending start; offer accepted; new hire; onboarding in progress; incorporacion",
    ),
    (
        Status::OnLeave,
        "on leave; leave; l; leave of absence; loa; paid leave; unpaid leave; parental leave; long leave; \
         garden leave; sabbatical; suspended - payroll eligible; auszeit; abwesend; elternzeit; beurlaubt; de baja; \
         excedencia; conge; suspended with pay; medical leave; maternity leave; paternity leave",
    ),
    (
        Status::Ended,
        "terminated; t; inactive; i; ended; left; leaver; former; exited; resigned; retired; deceased; archived; \
         suspended; deprovisioned; deactivated; disabled; offboarded; completed; cancelled; canceled; inaktiv; \
         ausgeschieden; ausgetreten; inactivo; inactiva; inactif; inactive - payroll eligible; terminada; blocked; \
         deleted",
    ),
];

/// What systems call a type of employment.
pub const EMPLOYMENT_TYPES: &[(EmploymentType, &str)] = &[
    (
        EmploymentType::Permanent,
        "permanent; full time; ft; regular; employee; regular full time; full time regular; salaried; \
         permanent employee; full time employee; eor; eor employee; direct employee; internal; w-2; unbefristet; \
         festangestellt; vollzeit; angestellt; indefinido; jornada completa; tiempo completo; cdi; \
         salaried full time; salaried ft; exempt; on roll; permanent full time; full time permanent; staff; \
         interne angestellte; full time salary",
    ),
    (
        EmploymentType::PartTime,
        "part time; pt; regular part time; part time regular; part time employee; salaried part time; teilzeit; \
         media jornada; tiempo parcial; jornada parcial; temps partiel; permanent part time; part time permanent",
    ),
    (
        EmploymentType::FixedTerm,
        "fixed term; fixed term contract; fixed term employee; temporary; temp; temporary employee; seasonal; \
         limited; befristet; temporal; cdd; ftc; fixed term full time",
    ),
    (
        EmploymentType::Contractor,
        "contractor; contract; independent contractor; contingent worker; contingent; freelance; freelancer; \
         consultant; external; extern; externe; vendor; agency; agency worker; 1099; pay as you go; milestone; \
         ongoing time based; freiberufler; freie mitarbeit; autonomo; outsourced",
    ),
    (
        EmploymentType::Intern,
        "intern; internship; trainee; apprentice; apprenticeship; working student; student; praktikum; praktikant; \
         praktikantin; werkstudent; werkstudentin; ausbildung; auszubildende; azubi; becario; becaria; practicas; \
         stage; stagiaire; co-op",
    ),
];

/// What countries are called beside their English names.
pub const COUNTRIES: &[(&str, &str)] = &[
    ("AR", "argentine; argentinien"),
    ("AT", "osterreich; autriche"),
    ("AU", "australien; australie"),
    ("BE", "belgien; belgica; belgique; belgie"),
    ("BR", "brasil; brasilien; bresil"),
    ("CA", "kanada"),
    ("CH", "schweiz; suiza; suisse; svizzera"),
    ("CZ", "czech republic; tschechien; republica checa; tchequie; cesko"),
    ("DE", "deutschland; alemania; allemagne; federal republic of germany"),
    ("DK", "danemark; dinamarca; danmark"),
    ("ES", "espana; spanien; espagne"),
    ("FI", "finnland; finlandia; finlande; suomi"),
    ("FR", "frankreich; francia"),
    (
        "GB",
        "uk; great britain; britain; england; scotland; wales; northern ireland; vereinigtes konigreich; \
            grossbritannien; reino unido; royaume uni",
    ),
    ("GR", "griechenland; grecia; grece"),
    ("HU", "ungarn; hungria; hongrie"),
    ("IE", "republic of ireland; irland; irlanda; irlande; eire"),
    ("IN", "indien; inde"),
    ("IT", "italia; italien; italie"),
    ("JP", "japon"),
    ("KR", "korea; republic of korea; korea, republic of; sudkorea; corea del sur; coree du sud"),
    ("MX", "mexiko; mexique"),
    ("NL", "the netherlands; holland; niederlande; paises bajos; pays bas; nederland"),
    ("NO", "norwegen; noruega; norvege; norge"),
    ("PL", "polen; polonia; pologne; polska"),
    ("RO", "rumanien; rumania; roumanie"),
    ("RU", "russian federation; russland; rusia; russie"),
    ("SE", "schweden; suecia; suede; sverige"),
    ("TR", "turkiye; turkei; turquia; turquie"),
    ("TW", "taiwan, province of china"),
    ("UA", "ukraina; ucrania"),
    (
        "US",
        "usa; united states; america; vereinigte staaten; vereinigte staaten von amerika; estados unidos; etats unis; \
            eeuu",
    ),
    ("VN", "viet nam"),
    ("ZA", "sudafrika; sudafrica; afrique du sud"),
];
