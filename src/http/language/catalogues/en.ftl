### The pages in English. Names of the form `set-code` are the words for codes; the rest are sentences and labels.

## Around every page
skip-to-content = Skip to the content
nav-label = Pages of this server
nav-notices = Notices
nav-statistics = Statistics
nav-log = Log
nav-peers = Peers
languages = Languages
footer-checkable = Every answer here can be checked:
footer-checkpoint = checkpoint of the log
footer-keys = keys of this server
footer-interface = interface for programs
list-separator = { ", " }
full-stop = .
comma = { ", " }
colon = { ": " }
leads-to = →
never = never
none = none
yes = yes
no = no
time-unknown = an unknown time

## The box
box-label = A DOI, address, repository, torrent, digest of a file, or the name of a dataset
box-button = Look up

## The front page
front-title = Has this dataset been retracted?
front-lead = This server keeps signed notices that datasets were retracted, corrected, replaced or taken down, in a public log that only grows. It exchanges them with its peers and checks every signature itself.
front-holds = { $notices ->
    [one] It holds one notice
   *[other] It holds { $notices } notices
} (tree size { $size }).
front-drop = Do you have a file? Look it up without sending it
front-newest = Newest notices
front-none = There are none yet.
policy-pinned = Only publishers that its operator pinned may post here.
policy-verified = Only publishers that its operator pinned, or whose domain names their keys, may post here.
policy-open = Anyone may post here, so look at who says what.

## Looking up files
drop-title = Look up a file without sending it
drop-lead = Your browser computes the digest of a file, asks for the first digits of it, and compares by itself. Neither the file nor its name nor its whole digest leaves your device.
drop-zone-title = Files
drop-zone = Drop files here, or choose up to { $files }:
drop-leaves = Only the first { $digits } digits of each digest are sent to { $origin } (up to 6 where very much is known). One in 65,536 of all files in the world begins like that.
drop-plain = Your browser computes digests only on pages that come over https, or from this machine (localhost). This page came in another way, so use one of the commands below.
drop-noscript = Without scripts this page cannot compute a digest. The commands below do the same.
drop-answers = Answers
drop-commands = The same in a terminal
drop-commands-one = One file, of which the server learns the first digits only:
drop-commands-many = Many files, or a folder: the first command fetches what the server knows, the second looks everything up in that copy and asks nobody.
drop-limits = What is not found in this way
drop-limit-algorithm = Only SHA-256 is compared. A notice that names the file by another kind of digest is not found; palinode scan compares all kinds.
drop-limit-sensitive = Notices about sensitive material name files in a hidden form, which cannot be asked for by first digits. palinode scan finds them.
drop-limit-size = Files of more than { $size }, since a browser needs all of a file in memory. The commands take files of any size.
drop-limit-many = Several files of one dataset tell together which dataset it is. Who has many should use the second command.
drop-working = Looking up file { $done } of { $all } …
drop-done = Files looked up: { $done }.
drop-more = Files looked up: { $done }, and not the rest. Use palinode scan for more.
drop-notice = Read the notice { $notice }…
drop-dataset = Everything that is known of this file
drop-dataset-tells = (opening this page tells { $origin } which file you mean)
drop-asked = { $origin } was asked for all digests that begin with { $prefix }. The digest of this file is
drop-empty = This file is empty. Everybody has such a file, so no notice is ever matched with it, and nobody was asked.
drop-large = This file has more than { $size }, which is too much for the memory of a browser. Nobody was asked; use one of the commands below.
drop-unreadable = The browser could not read this file. It may be a folder, be gone, or be too large for the memory. Nobody was asked; use one of the commands below.
drop-unreachable = The server gave no answer that can be used. Try again.
drop-busy = The server was asked too often from your address. Wait half a minute and try again.
drop-crowded = The server knows too many digests that begin like this one and wants more digits than can be told without naming the file. Use the second command below.

## Lists of notices
column-dataset = Dataset
column-notice = Notice
column-reasons = Reasons
column-by = By
column-seen = Seen here
lifted-short = (no longer in force)
look-twice-short = (look twice)
search-title = Notices
search-all = All notices, newest first
search-words = Notices with the words “{ $words }”
search-as-name = That is what is known of a dataset of this name:
search-none = No such notice is known to { $origin }, tree size { $size }.
search-older = Older notices
search-issuer = Only those of { $issuer }.
filter-type = Kind
filter-reason = Reason
filter-role = Role
filter-any = any

## The page of an identifier
understood-as = Understood as { $scheme }:
no-notice-known = No notice is known to { $origin } as of { $time }, tree size { $size }. What is not known here may be known elsewhere, or tomorrow.
caution-incomplete = This answer is incomplete: something that could change it could not be looked at.
caution-list-removed = This answer is incomplete: a list of files that a notice names was removed here and does not come back. Whether this file stood in it cannot be said here.
caution-truncated = What was made from what goes on further than was followed here.
caution-conflict = Notices of the same power contradict each other; the more severe counts.
what-to-do = What to do
find-copies = Find your copies; nothing about your files leaves your machine:
delete-from-cache = To delete it from the cache of the Hugging Face library:
use-instead = Use instead:
action-until = Until { $deadline }: { $action }
which-parts = Which parts
part-affected = affected
part-unaffected = not affected
who-says-so = Who says so
date-effective = takes effect
date-issued = issued
said-by = By
domain-attested = Its domain was { $attested }.
attested = verified by { $by } on { $on }
look-twice = Look twice at who says so:
remark-key-changed = the keys of this domain began anew, and the notices of the old keys and the new ones stand side by side.
remark-name-looks-like-name = the name looks like the name of another publisher, { $text } ({ $other }).
remark-name-looks-like-domain = the name looks like the domain { $text } of another publisher ({ $other }).
remark-domain-looks-like-name = the domain looks like the name of another publisher, { $text } ({ $other }).
remark-domain-looks-like-domain = the domain looks like the domain { $text } of another publisher ({ $other }).
remark-name-mixes-scripts = the name mixes scripts in { $word }: { $scripts }.
remark-domain-mixes-scripts = the domain mixes scripts in { $word }: { $scripts }.
says-of-it = It says of what you asked: { $verdict }. What agrees: { $strength }, with
made-from = What you asked about was made from
and-more =
    { $count ->
        [one] And one more.
       *[other] And { $count } more.
    }
made-from-what = What was made from what
graph-title = A drawing of the sentences below: from left to right, each dataset was made from the one before it.
derived = { $child } was made from { $parent } ({ $relation }).
known-to = As known to { $origin }.
known-as-of = As known to { $origin } as of { $time }, tree size { $size }.
answer-for-programs = The same answer for programs, with proofs
check-yourself = Check this yourself

## The page of a notice
force-in-force = This notice is in force.
force-lifted = This notice is not in force any more.
force-scheduled = It takes effect on { $date }.
sensitive-note = This notice is about material that nobody should look for. It names the files only in a blinded form: whoever holds one can test it, and nobody can list them.
why = Why
what-is-wrong = What is wrong
appeal-at = Appeal at
what-the-issuer-wrote = What the issuer wrote
read-more = Read more
what-it-is-about = What it is about
dataset-of = Dataset of
also-called = Also called
version = Version
how-much = How much of it
list-affected =
    { $count ->
        [one] A list of one affected file, as its { $algorithm } digest:
       *[other] A list of { $count } affected files, as { $algorithm } digests:
    }
list-unaffected =
    { $count ->
        [one] A list of one file that is not affected, as its { $algorithm } digest:
       *[other] A list of { $count } files that are not affected, as { $algorithm } digests:
    }
made-of-it = What was made from it
other-notices = Other notices about this one
relation-to-disputed = Disputed by
relation-to-disputed-without-weight = Disputed, without effect here, by
relation-to-lifted-replaces = Replaced by
relation-to-lifted-revokes = Revoked by
relation-to-lifted-reinstates = Lifted by a reinstatement:
relation-to-amended = Amended by
void-foreign-issuer = Somebody else tried to lift it, without force:
void-no-power-to-lift = A key without the power to do so tried to lift it:
prior-amends = It amends
prior-replaces = It replaces
prior-revokes = It revokes
prior-reinstates = It reinstates what this one retracted:
prior-disputes = It disputes
three-times = Three times, kept apart
time-issued = Issued, as its issuer claims
time-effective = Effective, as its issuer claims
time-seen = First seen by this server
time-logged = In the log
log-entry = entry { $index }, leaf hash
check-notice-lead = The notice is signed by its issuer, and the log proves that it holds it. Both can be checked without trusting this server.
notice-id = Notice
signed-with = Signed with
all-fields = all fields
signed-envelope = signed envelope
proof-of-inclusion = proof of inclusion
texts-none = The notice comes without a text.
texts-available = { "" }
texts-awaited = The text has not come yet.
texts-removed = The text was removed, by law or on request. The notice stands.
missing-notice = No such notice
missing-notice-sentence = No notice of this id is known to { $origin }. It may be known elsewhere: ask for the dataset itself.
missing-publisher = No such publisher
missing-publisher-sentence = Nobody of this name has issued anything that { $origin } knows of.

## The page of a publisher
standing-pinned = Known to the operator of this server.
standing-verified = Its domain answers for it.
standing-self-asserted = Nobody here vouches for who this is.
issuer-blocked = The operator of this server takes nothing new from this issuer.
issuer-waiting =
    { $count ->
        [one] One record waits until its domain is verified.
       *[other] { $count } records wait until its domain is verified.
    }
issuer-without-record = It has published no record about itself.
lineage = Line of keys
lineage-number = Line of keys { $number }
lineage-forked = Two records claim the same place. Until its operator settles that, notices of either side may raise a warning, and neither may lift one.
homepage = Page
contact = Contact
speaks-for = Speaks here for
keys = Keys
column-key = Key
column-status = Status
column-since = Since, as it says
column-may-lift = May lift notices
key-active = active
key-retired = retired
key-compromised = compromised
records = Records
record-behind-fork = (behind the fork)
its-notices = Its notices

## The page of the log
log-title = The log
log-lead = Every notice that this server takes in is appended to one log. Nothing is ever changed or taken out of it, and whoever has a checkpoint can prove it.
log-origin = Name
log-size = Entries
log-root = Root hash
log-time = Sworn to last
log-key = Key
log-growth = How it grew
log-growth-lead = Some of the checkpoints that this server signed, from its first to the newest, with about as many entries between each two.
log-growth-drawing = A drawing of the table beside it: a line that rises from left to right with time, as entries are added.
log-cosigned = Who saw this tree
log-cosigned-lead = Witnesses sign that this tree begins with every tree they saw before. A server that showed two different logs would be found out by them.
column-witness = Witness
column-time = Time
own-witness = (this server)
all-entries = all entries

## The page of peers
peers-title = Peers of this server
peers-lead = This server reads the public logs of its peers, checks every signature itself, and cosigns what they sign. It believes nothing that they merely say. A peer that signed two histories of its log is isolated for good; what came from it before stays, since notices stand by their own signatures.
peers-none = It has none yet.
peers-for-programs = The same for programs, with addresses and keys
column-peer = Peer
column-state = State
column-size = Size of its log
column-behind = Not read yet
column-contact = Last contact
column-evidence = Evidence against it
peer-well = well
peer-not-reached = not reached yet
peer-not-well = not well since { $since }: { $error }
peer-paused-wanted = paused: too many of its entries could not be had
peer-paused-day = paused until tomorrow: it brought all that it may bring in a day
peer-isolated = isolated: it signed two histories
peer-isolated-since = isolated since { $since }: it signed two histories
peer-ended = its log ended; { $origin } goes on for it since { $since }
peer-claim-refused = On { $at }, { $claimant } claimed to go on for it and was not believed.

## Verdicts
verdict-retracted = Retracted
verdict-part-retracted = Partly retracted
verdict-derived-from-retracted = Made from something retracted
verdict-disputed = Disputed
verdict-removed-unexplained = Removed without a reason
verdict-concern = Concern
verdict-reported = Reported
verdict-corrected = Corrected
verdict-scheduled = Announced
verdict-superseded = Superseded
verdict-removed-no-fault = Removed, nothing wrong
verdict-reinstated = Reinstated
verdict-not-affected = Not affected
verdict-possible = Possibly meant
verdict-no-notice = No notice known
verdict-unidentified = Not understood
verdict-unchecked = Not checked
sentence-retracted = This dataset has been retracted by someone who speaks for it; do not use it.
sentence-part-retracted = The part of this dataset that you asked about has been retracted; do not use it.
sentence-part-retracted-cannot-tell = Part of this dataset has been retracted, and the notice does not let us tell whether your copy is meant.
sentence-derived-from-retracted = This was made from a retracted dataset and inherits the retraction.
sentence-disputed = A notice speaks against this dataset, and someone entitled to answer disputes it.
sentence-removed-unexplained = This dataset was taken down, and nobody said why.
sentence-concern = Someone who speaks for this dataset has voiced a concern about it; read it before use.
sentence-reported = Someone who does not own this dataset reports that it should not be used as it is.
sentence-corrected = This dataset was wrong and has been corrected; get the corrected one.
sentence-scheduled = A change to this dataset has been announced and takes effect later.
sentence-superseded = A newer dataset takes the place of this one.
sentence-removed-no-fault = This dataset is no longer offered, and nobody says that anything is wrong with the data.
sentence-reinstated = This dataset was retracted and may be used again.
sentence-not-affected = A notice about this dataset says that your files are not the ones it means.
sentence-possible = A notice may be about this dataset: only a name or a page agrees.
sentence-no-notice = No notice is known.
sentence-unidentified = There was no identifier to look up.
sentence-unchecked = This could not be checked fully, so nothing can be said.

## Kinds of notices, roles and authority
type-retraction = Retraction
type-partial-retraction = Partial retraction
type-removal = Removal
type-expression-of-concern = Expression of concern
type-correction = Correction
type-supersession = Supersession
type-deprecation = Deprecation
type-access-change = Change of access
type-reinstatement = Reinstatement
type-revocation = Revocation of a notice
type-response = Response
role-publisher = as the publisher
role-host = as a host
role-funder-or-board = as a funder or board
role-rights-holder = as a holder of rights
role-data-subject = as somebody in the data
role-observer = as an observer
authority-owner = who speaks for this dataset
authority-host = who hosts it
authority-by-association = a publisher known here who owns a dataset that the notice names beside this one
authority-other = who does not own this dataset, as far as this server knows

## What agrees
strength-exact-bytes = the very bytes
strength-tree = the very folder
strength-weak-bytes = the bytes, by a weak digest
strength-versioned-id = the identifier and version
strength-id = the identifier
strength-url = the address
strength-alias = the name

## Identifiers
scheme-doi = a DOI
scheme-url = an address
scheme-hf = a repository on Hugging Face
scheme-kaggle = a dataset on Kaggle
scheme-git = a Git repository
scheme-swh = a Software Heritage identifier
scheme-btih = a torrent
scheme-gdrive = a Google Drive share
scheme-arxiv = a paper on arXiv
scheme-md5 = an MD5 digest
scheme-sha1 = a SHA-1 digest
scheme-sha256 = a SHA-256 digest
scheme-sha512 = a SHA-512 digest
scheme-blake3 = a BLAKE3 digest
scheme-name = a name
scheme-ark = an ARK
scheme-hdl = a handle
scheme-openml = a dataset on OpenML
scheme-btmh = a torrent (version 2)
scheme-archive = an item of the Internet Archive
scheme-baidu = a Baidu share
scheme-dirhash1 = a digest of a folder
scheme-dvcdir = a digest of a DVC folder
scheme-purl = a package URL
scheme-blind = a blinded digest
subject-whole = the whole dataset
subject-version = a version
subject-file = a file
subject-mirror = a copy elsewhere
subject-landing-page = its page
subject-described-by = the paper about it
scope-whole = all of it
scope-versions = certain versions
scope-parts = certain parts
scope-files = certain files
scope-records = certain records
scope-subjects-listed = exactly the versions, files and copies listed below
relation-subset = a part of it
relation-superset = contains it
relation-cleaned = cleaned
relation-re-encoded = stored in another form
relation-merged-into = merged into it
relation-annotations-of = annotations of it
relation-trained-on = trained on it
relation-other = in another way
inherits-yes = The notice holds for it as well.
inherits-no = The notice does not hold for it.
inherits-unknown = Whether the notice holds for it is not known.
reference-evidence = Evidence
reference-report = Report
reference-article = Article
reference-discussion = Discussion
reference-order = Order
reference-tombstone = Tombstone
reference-policy = Policy

## Reasons, what they mean, and what to do
reason-privacy = Privacy
reason-consent = Consent
reason-re-identification = Re-identification
reason-ethics-approval = Ethics approval
reason-offensive-content = Offensive content
reason-illegal-content = Illegal content
reason-copyright = Copyright
reason-licence-terms = Licence terms
reason-legal-order = Legal order
reason-data-error = Error in the data
reason-fabrication = Fabrication
reason-unverifiable = Not verifiable
reason-contamination = Contamination
reason-bias = Bias
reason-misuse-risk = Risk of misuse
reason-security = Security
reason-opt-out = Opt-out
reason-authorship = Authorship
reason-article-retracted = Article retracted
reason-superseded = Superseded
reason-provider-decision = Decision of the provider
reason-moved = Moved
reason-source-unavailable = Source gone
reason-not-maintained = Not maintained
reason-policy = Policy
reason-published-in-error = Published in error
reason-not-stated = Not stated
meaning-privacy = It holds personal data that should not be there.
meaning-consent = People in it did not agree, or took back their consent.
meaning-re-identification = People in it can be told who they are, though names were taken out.
meaning-ethics-approval = It was collected without the approval that it needed, or beyond it.
meaning-offensive-content = It holds content that insults or degrades people.
meaning-illegal-content = It holds content that nobody may possess or pass on.
meaning-copyright = It holds works without the permission of those who own them.
meaning-licence-terms = It was shared against the terms of a source or licence.
meaning-legal-order = A court or an authority ordered it.
meaning-data-error = The data is wrong.
meaning-fabrication = The data was made up or falsified.
meaning-unverifiable = Nobody could show that the data is what it claims to be.
meaning-contamination = It holds data that should not be in it, such as duplicates or a test set.
meaning-bias = It misrepresents people or things in a way that does harm.
meaning-misuse-risk = It is used, or may be used, to do harm.
meaning-security = It holds something that harms whoever opens it.
meaning-opt-out = People or owners asked to be taken out.
meaning-authorship = Who made it is in dispute, or it was taken from others.
meaning-article-retracted = The article that it belongs to was retracted.
meaning-superseded = A newer one takes its place.
meaning-provider-decision = Whoever offered it decided to stop.
meaning-moved = It is offered elsewhere now.
meaning-source-unavailable = What it was made from is gone.
meaning-not-maintained = Nobody looks after it any more.
meaning-policy = Rules of whoever offered it, or politics, ended it.
meaning-published-in-error = It was never meant to be published.
meaning-not-stated = Nobody said why.
fault-data = the data
fault-rights = the rights to it
fault-people-harm = it harms people
fault-none = nothing
fault-unknown = not known
action-none = Nothing needs to be done.
action-inform = Tell those whom you gave it to.
action-stop-use = Stop using it.
action-delete = Delete your copies.
action-do-not-redistribute = Do not pass it on.
action-update-to = Change to the replacement.
action-re-download = Download it again.
action-cite-with-notice = When you cite it, cite this notice as well.
publication-allow = Papers that use it may be published.
publication-allow-with-statement = Papers that use it may be published with a statement about this notice.
publication-refuse-new-use = New papers should not use it.

## Feeds and badges
feed-title = Notices known to { $origin }
feed-title-of = Notices about { $id }, known to { $origin }
subscribe-atom = Subscribe (Atom)
subscribe-json = Subscribe (JSON Feed)
embed-title = On your own page
embed-lead = A badge for a README; it changes when the verdict does:

## Statistics
statistics-title = Statistics
statistics-counted = Counted are the notices in the log of { $origin }, tree size { $size }.
statistics-lead = Each counts once, in the month in which this server first saw it. Nothing is taken out of the log, so a notice that was revoked later still counts; notices that speak of other notices, revocations among them, are shown apart. Other servers may hold others.
statistics-all = { $notices ->
    [one] One notice in all.
   *[other] { $notices } notices in all.
}
statistics-months = By month
statistics-months-lead = The month, UTC, in which this server first saw a notice.
statistics-months-drawing = A drawing of the table beside it: a column a month, from left to right. Filled columns are notices about datasets, hollow ones notices about other notices.
statistics-earlier = { $notices ->
    [one] One more notice came before these months.
   *[other] { $notices } more notices came before these months.
}
statistics-verdicts = By verdict
statistics-verdicts-lead = Datasets, not notices: what each notice names as the dataset itself, of several identifiers the first, is asked about as anybody can ask, and counts once under its verdict of today. A dataset that notices name differently counts more than once; one whose notices were all revoked counts as not known.
statistics-verdicts-as-of = Decided at { $time }, at tree size { $size }.
statistics-verdicts-all = { $datasets ->
    [one] One dataset in all.
   *[other] { $datasets } datasets in all.
}
statistics-verdicts-later = They are being counted. Look again in a minute.
column-verdict = Verdict
column-datasets = Datasets
statistics-kinds = By kind
statistics-about-notices = Notices about other notices
statistics-about-notices-lead = They change what an earlier notice says, or answer it.
statistics-reasons = By reason
statistics-reasons-lead = A notice may give several reasons, or none.
statistics-for-programs = The same for programs
column-month = Month
column-notices = Notices
column-about-datasets = About datasets
column-about-notices = About other notices

## When something cannot be shown
error-400 = This request cannot be read
error-400-next = Something in the address is not what it should be. Look for the part that is named below, or begin again with the box.
error-404 = There is nothing here
error-404-next = Check the address, or look for the dataset with the box.
error-405 = This address takes no such request
error-405-next = It is meant for programs, which send something to it. The interface for programs is described at the foot of the page.
error-406 = Not to be had in this form
error-406-next = Ask for it in another form, or begin again with the box.
error-413 = That is too large
error-413-next = Send less at once; what is said below names the limit.
error-429 = Too many requests from your network
error-429-next = Wait a moment, then load the page again. Whoever asks often can keep the whole log and ask at home: see “palinode index”.
error-451 = This was removed, by law or on request
error-451-next = It does not come back. The notice that names it stands, and still says what it said about the dataset: look it up with the box.
error-500 = The server failed
error-500-next = Try again later. If it stays like this, tell the operator of this server when it happened.
error-503 = The server cannot answer now
error-503-next = Try again in a while. Other servers may hold the same notices.
error-wait = { $seconds ->
    [one] Try again in one second.
   *[other] Try again in { $seconds } seconds.
}
error-said = What the server says of it, in English:
removed-on = Removed
removed-basis = Ground
removed-jurisdiction = Under the law of
removed-reference = Reference
basis-legal-order = A court or an authority ordered it.
basis-personal-data = Personal data had to go.
basis-rights = It infringed somebody’s rights.
basis-issuer-request = Whoever wrote it asked for it.
basis-policy = It broke the rules of this server.

## The interface for programs
docs-title = Interface for programs
docs-lead = Every path of this server: what it takes and what it answers. These pages are made from the description that programs read.
docs-clients = Build a client: complete short clients in Python, JavaScript and shell
docs-description = The description for programs (OpenAPI 3.1)
docs-schema-notice = JSON Schema of a notice
docs-schema-publisher = JSON Schema of a publisher record
docs-paths = Paths
docs-problems = Problems
docs-problems-lead = What paths answer when something is wrong. Each path names those that it can answer.
docs-headers = Headers
docs-group-title = Interface: { $group }
docs-all = All paths
docs-token = Needs the token of the receipt that asked for the upload.
docs-parameters = Parameters
docs-body = Body
docs-request = Request
docs-body-file = This is body.json:
docs-answers = Answers
docs-example = Answer to the example
docs-required = required
docs-schema-title = Fields: { $name }
docs-fields = Fields
docs-either = One of several
