### Die Seiten auf Deutsch.

## Um jede Seite
skip-to-content = Zum Inhalt springen
nav-label = Seiten dieses Servers
nav-notices = Mitteilungen
nav-statistics = Zahlen
nav-log = Protokoll
nav-peers = Partner
languages = Sprachen
footer-checkable = Jede Antwort hier lässt sich prüfen:
footer-checkpoint = Prüfpunkt des Protokolls
footer-keys = Schlüssel dieses Servers
footer-interface = Schnittstelle für Programme
list-separator = { ", " }
full-stop = .
comma = { ", " }
colon = { ": " }
leads-to = →
never = nie
none = keine
yes = ja
no = nein
time-unknown = unbekannter Zeit

## Das Feld
box-label = DOI, Adresse, Repositorium, Torrent, Prüfsumme einer Datei oder Name eines Datensatzes
box-button = Nachsehen

## Die Startseite
front-title = Wurde dieser Datensatz zurückgezogen?
front-lead = Dieser Server bewahrt signierte Mitteilungen darüber auf, dass Datensätze zurückgezogen, berichtigt, ersetzt oder entfernt wurden, in einem öffentlichen Protokoll, das nur wächst. Er tauscht sie mit seinen Partnern aus und prüft jede Signatur selbst.
front-holds = { $notices ->
    [one] Er hat eine Mitteilung
   *[other] Er hat { $notices } Mitteilungen
} (Baumgröße { $size }).
front-drop = Sie haben eine Datei? Nachsehen, ohne sie zu senden
front-newest = Neueste Mitteilungen
front-none = Noch gibt es keine.
policy-pinned = Hier dürfen nur Herausgeber veröffentlichen, die der Betreiber festgelegt hat.
policy-verified = Hier dürfen nur Herausgeber veröffentlichen, die der Betreiber festgelegt hat oder deren Domain ihre Schlüssel nennt.
policy-open = Hier darf jeder veröffentlichen; achten Sie darauf, wer was sagt.

## Dateien nachsehen
drop-title = Eine Datei nachsehen, ohne sie zu senden
drop-lead = Ihr Browser berechnet die Prüfsumme einer Datei, fragt nach deren ersten Ziffern und vergleicht selbst. Weder die Datei noch ihr Name noch die ganze Prüfsumme verlässt Ihr Gerät.
drop-zone-title = Dateien
drop-zone = Legen Sie Dateien hier ab, oder wählen Sie bis zu { $files } aus:
drop-leaves = Nur die ersten { $digits } Ziffern jeder Prüfsumme gehen an { $origin } (bis zu 6, wo sehr viel bekannt ist). So beginnt eine von 65 536 aller Dateien der Welt.
drop-plain = Ihr Browser berechnet Prüfsummen nur auf Seiten, die über https oder von diesem Rechner (localhost) kommen. Diese Seite kam auf anderem Weg; verwenden Sie einen der Befehle unten.
drop-noscript = Ohne Skripte kann diese Seite keine Prüfsumme berechnen. Die Befehle unten leisten dasselbe.
drop-answers = Antworten
drop-commands = Dasselbe in einem Terminal
drop-commands-one = Eine Datei, von der der Server nur die ersten Ziffern erfährt:
drop-commands-many = Viele Dateien oder ein Ordner: der erste Befehl holt, was der Server weiß, der zweite sieht alles in dieser Kopie nach und fragt niemanden.
drop-limits = Was so nicht gefunden wird
drop-limit-algorithm = Verglichen wird nur SHA-256. Eine Mitteilung, die die Datei mit einer anderen Art von Prüfsumme nennt, wird nicht gefunden; palinode scan vergleicht alle Arten.
drop-limit-sensitive = Mitteilungen über heikles Material nennen Dateien in verborgener Form, nach deren ersten Ziffern niemand fragen kann. palinode scan findet sie.
drop-limit-size = Dateien von mehr als { $size }, denn ein Browser braucht die ganze Datei im Speicher. Die Befehle nehmen Dateien jeder Größe.
drop-limit-many = Mehrere Dateien eines Datensatzes verraten zusammen, welcher es ist. Wer viele hat, nehme den zweiten Befehl.
drop-working = Datei { $done } von { $all } wird nachgesehen …
drop-done = Nachgesehene Dateien: { $done }.
drop-more = Nachgesehene Dateien: { $done }, die übrigen nicht. Für mehr: palinode scan.
drop-notice = Mitteilung { $notice }… lesen
drop-dataset = Alles, was über diese Datei bekannt ist
drop-dataset-tells = (wer diese Seite öffnet, sagt { $origin }, welche Datei gemeint ist)
drop-asked = { $origin } wurde nach allen Prüfsummen gefragt, die mit { $prefix } beginnen. Die Prüfsumme dieser Datei ist
drop-empty = Diese Datei ist leer. Jeder hat eine solche Datei; darum trifft keine Mitteilung je auf sie zu, und niemand wurde gefragt.
drop-large = Diese Datei hat mehr als { $size }; das ist zu viel für den Speicher eines Browsers. Niemand wurde gefragt; verwenden Sie einen der Befehle unten.
drop-unreadable = Der Browser konnte diese Datei nicht lesen. Vielleicht ist sie ein Ordner, nicht mehr da oder zu groß für den Speicher. Niemand wurde gefragt; verwenden Sie einen der Befehle unten.
drop-unreachable = Der Server gab keine brauchbare Antwort. Versuchen Sie es noch einmal.
drop-busy = Von Ihrer Adresse wurde zu oft gefragt. Warten Sie eine halbe Minute und versuchen Sie es noch einmal.
drop-crowded = Der Server kennt zu viele Prüfsummen, die so beginnen, und will mehr Ziffern, als man nennen kann, ohne die Datei zu verraten. Nehmen Sie den zweiten Befehl unten.

## Listen von Mitteilungen
column-dataset = Datensatz
column-notice = Mitteilung
column-reasons = Gründe
column-by = Von
column-seen = Hier gesehen
lifted-short = (nicht mehr in Kraft)
look-twice-short = (genau hinsehen)
search-title = Mitteilungen
search-all = Alle Mitteilungen, die neuesten zuerst
search-words = Mitteilungen mit den Wörtern „{ $words }“
search-as-name = Das ist über einen Datensatz dieses Namens bekannt:
search-none = { $origin } kennt keine solche Mitteilung, Baumgröße { $size }.
search-older = Ältere Mitteilungen
search-issuer = Nur die von { $issuer }.
filter-type = Art
filter-reason = Grund
filter-role = Rolle
filter-any = beliebig

## Die Seite einer Kennung
understood-as = Verstanden als { $scheme }:
no-notice-known = { $origin } kennt keine Mitteilung, Stand { $time }, Baumgröße { $size }. Was hier nicht bekannt ist, kann anderswo oder morgen bekannt sein.
caution-incomplete = Diese Antwort ist unvollständig: Etwas, das sie ändern könnte, ließ sich nicht ansehen.
caution-list-removed = Diese Antwort ist unvollständig: Eine Liste von Dateien, die eine Meldung nennt, wurde hier entfernt und kommt nicht zurück. Ob diese Datei darin stand, lässt sich hier nicht sagen.
caution-truncated = Was woraus gemacht wurde, geht weiter, als es hier verfolgt wurde.
caution-conflict = Mitteilungen von gleichem Gewicht widersprechen einander; die strengere zählt.
what-to-do = Was zu tun ist
find-copies = So finden Sie Ihre Kopien; nichts über Ihre Dateien verlässt Ihren Rechner:
delete-from-cache = So löschen Sie ihn aus dem Zwischenspeicher der Bibliothek von Hugging Face:
use-instead = Stattdessen verwenden:
action-until = Bis { $deadline }: { $action }
which-parts = Welche Teile
part-affected = betroffen
part-unaffected = nicht betroffen
who-says-so = Wer das sagt
date-effective = gilt ab
date-issued = ausgestellt
said-by = Von
domain-attested = Ihre Domain wurde { $attested }.
attested = von { $by } am { $on } bestätigt
look-twice = Sehen Sie genau hin, wer das sagt:
remark-key-changed = Die Schlüssel dieser Domain haben neu begonnen; Mitteilungen der alten und der neuen Schlüssel stehen nebeneinander.
remark-name-looks-like-name = Der Name sieht aus wie der eines anderen Herausgebers, { $text } ({ $other }).
remark-name-looks-like-domain = Der Name sieht aus wie die Domain { $text } eines anderen Herausgebers ({ $other }).
remark-domain-looks-like-name = Die Domain sieht aus wie der Name eines anderen Herausgebers, { $text } ({ $other }).
remark-domain-looks-like-domain = Die Domain sieht aus wie die Domain { $text } eines anderen Herausgebers ({ $other }).
remark-name-mixes-scripts = Der Name mischt Schriften in { $word }: { $scripts }.
remark-domain-mixes-scripts = Die Domain mischt Schriften in { $word }: { $scripts }.
says-of-it = Über das Gefragte sagt sie: { $verdict }. Was übereinstimmt: { $strength }, mit
made-from = Das Gefragte wurde gemacht aus
and-more =
    { $count ->
        [one] Und eine weitere.
       *[other] Und { $count } weitere.
    }
made-from-what = Was woraus gemacht wurde
graph-title = Eine Zeichnung der Sätze darunter: Von links nach rechts wurde jeder Datensatz aus dem vor ihm gemacht.
derived = { $child } wurde aus { $parent } gemacht ({ $relation }).
known-to = Wie es { $origin } bekannt ist.
known-as-of = Wie es { $origin } bekannt ist, Stand { $time }, Baumgröße { $size }.
answer-for-programs = Dieselbe Antwort für Programme, mit Beweisen
check-yourself = Selbst prüfen

## Die Seite einer Mitteilung
force-in-force = Diese Mitteilung ist in Kraft.
force-lifted = Diese Mitteilung ist nicht mehr in Kraft.
force-scheduled = Sie gilt ab { $date }.
sensitive-note = Diese Mitteilung betrifft Material, nach dem niemand suchen soll. Sie nennt die Dateien nur verdeckt: Wer eine hat, kann sie prüfen, und niemand kann sie auflisten.
why = Warum
what-is-wrong = Was nicht stimmt
appeal-at = Einspruch bei
what-the-issuer-wrote = Was der Aussteller schreibt
read-more = Mehr dazu
what-it-is-about = Worum es geht
dataset-of = Datensatz von
also-called = Auch genannt
version = Version
how-much = Wie viel davon
list-affected =
    { $count ->
        [one] Eine Liste mit einer betroffenen Datei, als { $algorithm }-Prüfsumme:
       *[other] Eine Liste mit { $count } betroffenen Dateien, als { $algorithm }-Prüfsummen:
    }
list-unaffected =
    { $count ->
        [one] Eine Liste mit einer nicht betroffenen Datei, als { $algorithm }-Prüfsumme:
       *[other] Eine Liste mit { $count } nicht betroffenen Dateien, als { $algorithm }-Prüfsummen:
    }
made-of-it = Was daraus gemacht wurde
other-notices = Andere Mitteilungen über diese
relation-to-disputed = Bestritten von
relation-to-disputed-without-weight = Bestritten, hier ohne Wirkung, von
relation-to-lifted-replaces = Ersetzt durch
relation-to-lifted-revokes = Widerrufen durch
relation-to-lifted-reinstates = Aufgehoben durch eine Wiederzulassung:
relation-to-amended = Ergänzt durch
void-foreign-issuer = Jemand anderes wollte sie aufheben, ohne Wirkung:
void-no-power-to-lift = Ein Schlüssel ohne die Befugnis dazu wollte sie aufheben:
prior-amends = Sie ergänzt
prior-replaces = Sie ersetzt
prior-revokes = Sie widerruft
prior-reinstates = Sie lässt wieder zu, was diese zurückzog:
prior-disputes = Sie bestreitet
three-times = Drei Zeiten, getrennt gehalten
time-issued = Ausgestellt, nach Angabe des Ausstellers
time-effective = Gültig ab, nach Angabe des Ausstellers
time-seen = Von diesem Server zuerst gesehen
time-logged = Im Protokoll
log-entry = Eintrag { $index }, Blatt-Prüfsumme
check-notice-lead = Die Mitteilung ist von ihrem Aussteller signiert, und das Protokoll beweist, dass es sie enthält. Beides lässt sich prüfen, ohne diesem Server zu vertrauen.
notice-id = Mitteilung
signed-with = Signiert mit
all-fields = alle Felder
signed-envelope = signierter Umschlag
proof-of-inclusion = Beweis der Aufnahme
texts-none = Die Mitteilung kommt ohne Text.
texts-available = { "" }
texts-awaited = Der Text ist noch nicht da.
texts-removed = Der Text wurde entfernt, von Rechts wegen oder auf Bitte. Die Mitteilung bleibt.
missing-notice = Keine solche Mitteilung
missing-notice-sentence = { $origin } kennt keine Mitteilung dieser Kennung. Sie kann anderswo bekannt sein: Fragen Sie nach dem Datensatz selbst.
missing-publisher = Kein solcher Herausgeber
missing-publisher-sentence = Niemand dieses Namens hat etwas ausgestellt, von dem { $origin } weiß.

## Die Seite eines Herausgebers
standing-pinned = Dem Betreiber dieses Servers bekannt.
standing-verified = Die Domain steht für ihn ein.
standing-self-asserted = Niemand hier bürgt dafür, wer das ist.
issuer-blocked = Der Betreiber dieses Servers nimmt von diesem Aussteller nichts Neues an.
issuer-waiting =
    { $count ->
        [one] Ein Eintrag wartet, bis die Domain bestätigt ist.
       *[other] { $count } Einträge warten, bis die Domain bestätigt ist.
    }
issuer-without-record = Er hat keinen Eintrag über sich selbst veröffentlicht.
lineage = Schlüsselfolge
lineage-number = Schlüsselfolge { $number }
lineage-forked = Zwei Einträge beanspruchen denselben Platz. Bis der Betreiber das klärt, dürfen Mitteilungen beider Seiten warnen, und keine darf eine Warnung aufheben.
homepage = Seite
contact = Kontakt
speaks-for = Spricht hier für
keys = Schlüssel
column-key = Schlüssel
column-status = Stand
column-since = Seit, nach eigener Angabe
column-may-lift = Darf Mitteilungen aufheben
key-active = aktiv
key-retired = außer Dienst
key-compromised = kompromittiert
records = Einträge
record-behind-fork = (hinter der Gabelung)
its-notices = Seine Mitteilungen

## Die Seite des Protokolls
log-title = Das Protokoll
log-lead = Jede Mitteilung, die dieser Server annimmt, wird an ein Protokoll angehängt. Nichts daran wird je geändert oder herausgenommen, und wer einen Prüfpunkt hat, kann das beweisen.
log-origin = Name
log-size = Einträge
log-root = Wurzel-Prüfsumme
log-time = Zuletzt beschworen
log-key = Schlüssel
log-growth = Wie es wuchs
log-growth-lead = Einige der Prüfpunkte, die dieser Server unterschrieben hat, vom ersten bis zum neuesten, mit etwa gleich vielen Einträgen dazwischen.
log-growth-drawing = Eine Zeichnung der Tabelle daneben: eine Linie, die mit der Zeit von links nach rechts steigt, wie Einträge hinzukommen.
log-cosigned = Wer diesen Baum gesehen hat
log-cosigned-lead = Zeugen signieren, dass dieser Baum mit jedem Baum beginnt, den sie vorher sahen. Ein Server, der zwei verschiedene Protokolle zeigte, fiele durch sie auf.
column-witness = Zeuge
column-time = Zeit
own-witness = (dieser Server)
all-entries = alle Einträge

## Die Seite der Partner
peers-title = Partner dieses Servers
peers-lead = Dieser Server liest die öffentlichen Protokolle seiner Partner, prüft jede Signatur selbst und gegenzeichnet, was sie signieren. Er glaubt nichts, was sie nur sagen. Ein Partner, der zwei Fassungen seines Protokolls signierte, ist für immer abgesondert; was vorher von ihm kam, bleibt, denn Mitteilungen stehen durch ihre eigenen Signaturen.
peers-none = Noch hat er keine.
peers-for-programs = Dasselbe für Programme, mit Adressen und Schlüsseln
column-peer = Partner
column-state = Zustand
column-size = Größe seines Protokolls
column-behind = Noch nicht gelesen
column-contact = Letzter Kontakt
column-evidence = Beweise gegen ihn
peer-well = in Ordnung
peer-not-reached = noch nicht erreicht
peer-not-well = nicht in Ordnung seit { $since }: { $error }
peer-paused-wanted = angehalten: zu viele seiner Einträge waren nicht zu bekommen
peer-paused-day = angehalten bis morgen: er brachte alles, was er an einem Tag bringen darf
peer-isolated = abgesondert: er signierte zwei Fassungen
peer-isolated-since = abgesondert seit { $since }: er signierte zwei Fassungen
peer-ended = sein Protokoll endete; { $origin } setzt es fort seit { $since }
peer-claim-refused = Am { $at } gab { $claimant } vor, es fortzusetzen, und fand keinen Glauben.

## Urteile
verdict-retracted = Zurückgezogen
verdict-part-retracted = Teilweise zurückgezogen
verdict-derived-from-retracted = Aus Zurückgezogenem gemacht
verdict-disputed = Umstritten
verdict-removed-unexplained = Ohne Begründung entfernt
verdict-concern = Bedenken
verdict-reported = Gemeldet
verdict-corrected = Berichtigt
verdict-scheduled = Angekündigt
verdict-superseded = Überholt
verdict-removed-no-fault = Entfernt, ohne Mangel
verdict-reinstated = Wieder zugelassen
verdict-not-affected = Nicht betroffen
verdict-possible = Möglicherweise gemeint
verdict-no-notice = Keine Mitteilung bekannt
verdict-unidentified = Nicht verstanden
verdict-unchecked = Nicht geprüft
sentence-retracted = Wer für diesen Datensatz spricht, hat ihn zurückgezogen; verwenden Sie ihn nicht.
sentence-part-retracted = Der Teil dieses Datensatzes, nach dem Sie fragen, wurde zurückgezogen; verwenden Sie ihn nicht.
sentence-part-retracted-cannot-tell = Ein Teil dieses Datensatzes wurde zurückgezogen, und die Mitteilung lässt nicht erkennen, ob Ihre Kopie gemeint ist.
sentence-derived-from-retracted = Dies wurde aus einem zurückgezogenen Datensatz gemacht und ist damit selbst zurückgezogen.
sentence-disputed = Eine Mitteilung spricht gegen diesen Datensatz, und jemand, der dazu berechtigt ist, widerspricht ihr.
sentence-removed-unexplained = Dieser Datensatz wurde entfernt, und niemand sagte, warum.
sentence-concern = Wer für diesen Datensatz spricht, hat Bedenken geäußert; lesen Sie sie vor der Verwendung.
sentence-reported = Jemand, dem dieser Datensatz nicht gehört, meldet, dass man ihn so nicht verwenden sollte.
sentence-corrected = Dieser Datensatz war falsch und wurde berichtigt; holen Sie den berichtigten.
sentence-scheduled = Eine Änderung an diesem Datensatz ist angekündigt und gilt später.
sentence-superseded = Ein neuerer Datensatz tritt an die Stelle von diesem.
sentence-removed-no-fault = Dieser Datensatz wird nicht mehr angeboten, und niemand sagt, dass mit den Daten etwas nicht stimmt.
sentence-reinstated = Dieser Datensatz war zurückgezogen und darf wieder verwendet werden.
sentence-not-affected = Eine Mitteilung über diesen Datensatz sagt, dass Ihre Dateien nicht gemeint sind.
sentence-possible = Eine Mitteilung könnte diesen Datensatz meinen: Nur ein Name oder eine Seite stimmt überein.
sentence-no-notice = Keine Mitteilung ist bekannt.
sentence-unidentified = Da war keine Kennung, nach der man sehen könnte.
sentence-unchecked = Das ließ sich nicht ganz prüfen, darum lässt sich nichts sagen.

## Arten von Mitteilungen, Rollen und Befugnis
type-retraction = Rücknahme
type-partial-retraction = Teilweise Rücknahme
type-removal = Entfernung
type-expression-of-concern = Bedenken
type-correction = Berichtigung
type-supersession = Ablösung
type-deprecation = Abkündigung
type-access-change = Geänderter Zugang
type-reinstatement = Wiederzulassung
type-revocation = Widerruf einer Mitteilung
type-response = Erwiderung
role-publisher = als Herausgeber
role-host = als Anbieter einer Kopie
role-funder-or-board = als Förderer oder Gremium
role-rights-holder = als Inhaber von Rechten
role-data-subject = als jemand in den Daten
role-observer = als Beobachter
authority-owner = der für diesen Datensatz spricht
authority-host = der ihn anbietet
authority-by-association = ein hier bekannter Herausgeber, dem ein Datensatz gehört, den die Mitteilung neben diesem nennt
authority-other = dem dieser Datensatz nicht gehört, soweit dieser Server weiß

## Was übereinstimmt
strength-exact-bytes = genau diese Bytes
strength-tree = genau dieser Ordner
strength-weak-bytes = die Bytes, nach einer schwachen Prüfsumme
strength-versioned-id = Kennung und Version
strength-id = die Kennung
strength-url = die Adresse
strength-alias = der Name

## Kennungen
scheme-doi = DOI
scheme-url = Adresse
scheme-hf = Repositorium bei Hugging Face
scheme-kaggle = Datensatz bei Kaggle
scheme-git = Git-Repositorium
scheme-swh = Kennung von Software Heritage
scheme-btih = Torrent
scheme-gdrive = Freigabe bei Google Drive
scheme-arxiv = Aufsatz auf arXiv
scheme-md5 = MD5-Prüfsumme
scheme-sha1 = SHA-1-Prüfsumme
scheme-sha256 = SHA-256-Prüfsumme
scheme-sha512 = SHA-512-Prüfsumme
scheme-blake3 = BLAKE3-Prüfsumme
scheme-name = Name
scheme-ark = ARK
scheme-hdl = Handle
scheme-openml = Datensatz bei OpenML
scheme-btmh = Torrent (Version 2)
scheme-archive = Objekt des Internet Archive
scheme-baidu = Freigabe bei Baidu
scheme-dirhash1 = Prüfsumme eines Ordners
scheme-dvcdir = Prüfsumme eines DVC-Ordners
scheme-purl = Paket-Adresse
scheme-blind = verdeckte Prüfsumme
subject-whole = der ganze Datensatz
subject-version = eine Version
subject-file = eine Datei
subject-mirror = eine Kopie anderswo
subject-landing-page = seine Seite
subject-described-by = der Aufsatz darüber
scope-whole = alles
scope-versions = bestimmte Versionen
scope-parts = bestimmte Teile
scope-files = bestimmte Dateien
scope-records = bestimmte Einträge
scope-subjects-listed = genau die unten genannten Versionen, Dateien und Kopien
relation-subset = ein Teil davon
relation-superset = enthält es
relation-cleaned = bereinigt
relation-re-encoded = anders gespeichert
relation-merged-into = darin aufgegangen
relation-annotations-of = Anmerkungen dazu
relation-trained-on = damit trainiert
relation-other = auf andere Weise
inherits-yes = Die Mitteilung gilt auch dafür.
inherits-no = Die Mitteilung gilt nicht dafür.
inherits-unknown = Ob die Mitteilung auch dafür gilt, ist nicht bekannt.
reference-evidence = Beleg
reference-report = Bericht
reference-article = Artikel
reference-discussion = Diskussion
reference-order = Anordnung
reference-tombstone = Grabstein
reference-policy = Richtlinie

## Gründe, was sie bedeuten, und was zu tun ist
reason-privacy = Privatsphäre
reason-consent = Einwilligung
reason-re-identification = Wiedererkennbarkeit
reason-ethics-approval = Ethikvotum
reason-offensive-content = Beleidigende Inhalte
reason-illegal-content = Verbotene Inhalte
reason-copyright = Urheberrecht
reason-licence-terms = Lizenzbedingungen
reason-legal-order = Behördliche Anordnung
reason-data-error = Fehler in den Daten
reason-fabrication = Fälschung
reason-unverifiable = Nicht belegbar
reason-contamination = Verunreinigung
reason-bias = Verzerrung
reason-misuse-risk = Gefahr des Missbrauchs
reason-security = Sicherheit
reason-opt-out = Widerspruch
reason-authorship = Urheberschaft
reason-article-retracted = Artikel zurückgezogen
reason-superseded = Überholt
reason-provider-decision = Entscheidung des Anbieters
reason-moved = Umgezogen
reason-source-unavailable = Quelle verschwunden
reason-not-maintained = Nicht gepflegt
reason-policy = Richtlinie
reason-published-in-error = Versehentlich veröffentlicht
reason-not-stated = Nicht genannt
meaning-privacy = Er enthält persönliche Daten, die nicht hineingehören.
meaning-consent = Menschen darin haben nicht eingewilligt oder ihre Einwilligung zurückgenommen.
meaning-re-identification = Man kann erkennen, wer die Menschen darin sind, obwohl ihre Namen entfernt wurden.
meaning-ethics-approval = Er wurde ohne die nötige Zustimmung erhoben oder über sie hinaus.
meaning-offensive-content = Er enthält Inhalte, die Menschen beleidigen oder herabsetzen.
meaning-illegal-content = Er enthält Inhalte, die niemand besitzen oder weitergeben darf.
meaning-copyright = Er enthält Werke ohne Erlaubnis derer, denen sie gehören.
meaning-licence-terms = Er wurde gegen die Bedingungen einer Quelle oder Lizenz weitergegeben.
meaning-legal-order = Ein Gericht oder eine Behörde hat es angeordnet.
meaning-data-error = Die Daten sind falsch.
meaning-fabrication = Die Daten wurden erfunden oder gefälscht.
meaning-unverifiable = Niemand konnte zeigen, dass die Daten sind, was sie zu sein vorgeben.
meaning-contamination = Er enthält Daten, die nicht hineingehören, etwa Doppelte oder Testdaten.
meaning-bias = Er stellt Menschen oder Dinge auf eine Weise falsch dar, die schadet.
meaning-misuse-risk = Er wird benutzt, um Schaden anzurichten, oder könnte es werden.
meaning-security = Er enthält etwas, das denen schadet, die ihn öffnen.
meaning-opt-out = Menschen oder Eigentümer baten, herausgenommen zu werden.
meaning-authorship = Wer ihn gemacht hat, ist umstritten, oder er wurde anderen weggenommen.
meaning-article-retracted = Der zugehörige Artikel wurde zurückgezogen.
meaning-superseded = Ein neuerer tritt an seine Stelle.
meaning-provider-decision = Der Anbieter hat beschlossen aufzuhören.
meaning-moved = Er wird jetzt anderswo angeboten.
meaning-source-unavailable = Woraus er gemacht wurde, gibt es nicht mehr.
meaning-not-maintained = Niemand kümmert sich mehr darum.
meaning-policy = Regeln des Anbieters oder die Politik haben ihn beendet.
meaning-published-in-error = Er sollte nie veröffentlicht werden.
meaning-not-stated = Niemand hat gesagt, warum.
fault-data = die Daten
fault-rights = die Rechte daran
fault-people-harm = er schadet Menschen
fault-none = nichts
fault-unknown = nicht bekannt
action-none = Es ist nichts zu tun.
action-inform = Sagen Sie es denen, die ihn von Ihnen haben.
action-stop-use = Verwenden Sie ihn nicht mehr.
action-delete = Löschen Sie Ihre Kopien.
action-do-not-redistribute = Geben Sie ihn nicht weiter.
action-update-to = Wechseln Sie zum Ersatz.
action-re-download = Laden Sie ihn neu herunter.
action-cite-with-notice = Wenn Sie ihn zitieren, zitieren Sie auch diese Mitteilung.
publication-allow = Arbeiten damit dürfen veröffentlicht werden.
publication-allow-with-statement = Arbeiten damit dürfen mit einem Hinweis auf diese Mitteilung veröffentlicht werden.
publication-refuse-new-use = Neue Arbeiten sollten ihn nicht verwenden.

## Abonnements und Schilder
feed-title = Mitteilungen, die { $origin } kennt
feed-title-of = Mitteilungen über { $id }, die { $origin } kennt
subscribe-atom = Abonnieren (Atom)
subscribe-json = Abonnieren (JSON Feed)
embed-title = Auf Ihrer eigenen Seite
embed-lead = Ein Schild für eine README; es ändert sich mit dem Urteil:

## Zahlen
statistics-title = Zahlen
statistics-counted = Gezählt sind die Mitteilungen im Protokoll von { $origin }, Baumgröße { $size }.
statistics-lead = Jede zählt einmal, in dem Monat, in dem dieser Server sie zuerst sah. Aus dem Protokoll wird nichts herausgenommen, darum zählt auch eine Mitteilung, die später widerrufen wurde; Mitteilungen über andere Mitteilungen, darunter Widerrufe, stehen gesondert. Andere Server können andere haben.
statistics-all = { $notices ->
    [one] Insgesamt eine Mitteilung.
   *[other] Insgesamt { $notices } Mitteilungen.
}
statistics-months = Nach Monat
statistics-months-lead = Der Monat (UTC), in dem dieser Server eine Mitteilung zuerst sah.
statistics-months-drawing = Eine Zeichnung der Tabelle daneben: eine Säule je Monat, von links nach rechts. Gefüllte Säulen sind Mitteilungen über Datensätze, hohle solche über andere Mitteilungen.
statistics-earlier = { $notices ->
    [one] Eine weitere Mitteilung kam vor diesen Monaten.
   *[other] { $notices } weitere Mitteilungen kamen vor diesen Monaten.
}
statistics-verdicts = Nach Urteil
statistics-verdicts-lead = Datensätze, nicht Mitteilungen: Was jede Mitteilung als den Datensatz selbst nennt, von mehreren Kennungen die erste, wird abgefragt, wie es jeder kann, und zählt einmal unter seinem heutigen Urteil. Ein Datensatz, den Mitteilungen verschieden nennen, zählt mehrfach; einer, dessen Mitteilungen alle widerrufen sind, zählt als nicht bekannt.
statistics-verdicts-as-of = Entschieden um { $time }, bei Baumgröße { $size }.
statistics-verdicts-all = { $datasets ->
    [one] Insgesamt ein Datensatz.
   *[other] Insgesamt { $datasets } Datensätze.
}
statistics-verdicts-later = Sie werden gerade gezählt. Sehen Sie in einer Minute wieder nach.
column-verdict = Urteil
column-datasets = Datensätze
statistics-kinds = Nach Art
statistics-about-notices = Mitteilungen über andere Mitteilungen
statistics-about-notices-lead = Sie ändern, was eine frühere Mitteilung sagt, oder antworten auf sie.
statistics-reasons = Nach Grund
statistics-reasons-lead = Eine Mitteilung kann mehrere Gründe nennen oder keinen.
statistics-for-programs = Dasselbe für Programme
column-month = Monat
column-notices = Mitteilungen
column-about-datasets = Über Datensätze
column-about-notices = Über andere Mitteilungen

## Wenn etwas nicht gezeigt werden kann
error-400 = Diese Anfrage lässt sich nicht lesen
error-400-next = Etwas an der Adresse stimmt nicht. Suchen Sie den Teil, der unten genannt ist, oder beginnen Sie neu mit dem Feld.
error-404 = Hier ist nichts
error-404-next = Prüfen Sie die Adresse, oder suchen Sie den Datensatz mit dem Feld.
error-405 = Diese Adresse nimmt keine solche Anfrage an
error-405-next = Sie ist für Programme gedacht, die etwas an sie schicken. Die Schnittstelle für Programme steht am Fuß der Seite.
error-406 = In dieser Form nicht zu haben
error-406-next = Fragen Sie in einer anderen Form danach, oder beginnen Sie neu mit dem Feld.
error-413 = Das ist zu groß
error-413-next = Schicken Sie weniger auf einmal; die Grenze steht unten.
error-429 = Zu viele Anfragen aus Ihrem Netz
error-429-next = Warten Sie einen Augenblick und laden Sie die Seite neu. Wer oft fragt, kann das ganze Protokoll bei sich haben und zu Hause fragen: siehe „palinode index“.
error-451 = Dies wurde entfernt, von Rechts wegen oder auf Bitte
error-451-next = Es kommt nicht zurück. Die Mitteilung, die es nennt, bleibt und sagt weiter, was sie über den Datensatz sagte: Sehen Sie mit dem Feld nach.
error-500 = Der Server hat versagt
error-500-next = Versuchen Sie es später noch einmal. Bleibt es so, sagen Sie dem Betreiber dieses Servers, wann es geschah.
error-503 = Der Server kann jetzt nicht antworten
error-503-next = Versuchen Sie es nach einer Weile noch einmal. Andere Server haben vielleicht dieselben Mitteilungen.
error-wait = { $seconds ->
    [one] Versuchen Sie es in einer Sekunde noch einmal.
   *[other] Versuchen Sie es in { $seconds } Sekunden noch einmal.
}
error-said = Was der Server dazu sagt, auf Englisch:
removed-on = Entfernt
removed-basis = Grundlage
removed-jurisdiction = Nach dem Recht von
removed-reference = Aktenzeichen
basis-legal-order = Ein Gericht oder eine Behörde hat es angeordnet.
basis-personal-data = Persönliche Daten mussten fort.
basis-rights = Es verletzte Rechte anderer.
basis-issuer-request = Wer es schrieb, bat darum.
basis-policy = Es verstieß gegen die Regeln dieses Servers.

## Die Schnittstelle für Programme
docs-title = Schnittstelle für Programme
docs-lead = Jeder Pfad dieses Servers: was er nimmt und was er antwortet. Diese Seiten entstehen aus der Beschreibung, die Programme lesen.
docs-clients = Einen Client bauen: vollständige kurze Clients in Python, JavaScript und Shell
docs-description = Die Beschreibung für Programme (OpenAPI 3.1)
docs-schema-notice = JSON Schema einer Mitteilung
docs-schema-publisher = JSON Schema eines Herausgebereintrags
docs-paths = Pfade
docs-problems = Fehler
docs-problems-lead = Was Pfade antworten, wenn etwas nicht stimmt. Jeder Pfad nennt die, die er antworten kann.
docs-headers = Kopfzeilen
docs-group-title = Schnittstelle: { $group }
docs-all = Alle Pfade
docs-token = Braucht das Token der Quittung, die um das Hochladen gebeten hat.
docs-parameters = Parameter
docs-body = Inhalt
docs-request = Anfrage
docs-body-file = Dies ist body.json:
docs-answers = Antworten
docs-example = Antwort auf das Beispiel
docs-required = erforderlich
docs-schema-title = Felder: { $name }
docs-fields = Felder
docs-either = Eines von mehreren
