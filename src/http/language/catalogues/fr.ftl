### Les pages en français.

## Autour de chaque page
skip-to-content = Aller au contenu
nav-label = Pages de ce serveur
nav-notices = Avis
nav-statistics = Statistiques
nav-log = Journal
nav-peers = Pairs
languages = Langues
footer-checkable = Chaque réponse donnée ici peut être vérifiée :
footer-checkpoint = point de contrôle du journal
footer-keys = clés de ce serveur
footer-interface = interface pour les programmes
list-separator = { ", " }
full-stop = .
comma = { ", " }
colon = { " : " }
leads-to = →
never = jamais
none = aucune
yes = oui
no = non
time-unknown = une date inconnue

## Le champ de recherche
box-label = DOI, adresse, dépôt, torrent, empreinte d’un fichier ou nom d’un jeu de données
box-button = Chercher

## La page d’accueil
front-title = Ce jeu de données a-t-il été rétracté ?
front-lead = Ce serveur conserve des avis signés disant que des jeux de données ont été rétractés, corrigés, remplacés ou supprimés, dans un journal public qui ne fait que s’allonger. Il les échange avec ses pairs et vérifie lui-même chaque signature.
front-holds = { $notices ->
    [0] Il ne contient aucun avis
    [one] Il contient { $notices } avis
   *[other] Il contient { $notices } avis
} (taille de l’arbre { $size }).
front-drop = Vous avez un fichier ? Vérifiez-le sans l’envoyer
front-newest = Derniers avis
front-none = Il n’y en a pas encore.
policy-pinned = Seuls les éditeurs désignés par l’exploitant peuvent publier ici.
policy-verified = Seuls peuvent publier ici les éditeurs désignés par l’exploitant, ou ceux dont le domaine nomme les clés.
policy-open = Tout le monde peut publier ici : regardez bien qui dit quoi.

## Chercher des fichiers
drop-title = Chercher un fichier sans l’envoyer
drop-lead = Votre navigateur calcule l’empreinte d’un fichier, demande ce qui commence par ses premiers chiffres et compare lui-même. Ni le fichier, ni son nom, ni son empreinte entière ne quittent votre appareil.
drop-zone-title = Fichiers
drop-zone = Déposez des fichiers ici, ou choisissez-en jusqu’à { $files } :
drop-leaves = Seuls les { $digits } premiers chiffres de chaque empreinte sont envoyés à { $origin } (jusqu’à 6 là où l’on connaît beaucoup d’empreintes). Un fichier sur 65 536 au monde commence ainsi.
drop-plain = Votre navigateur ne calcule d’empreintes que sur des pages venues par https ou de cette machine (localhost). Cette page est venue autrement : utilisez une des commandes ci-dessous.
drop-noscript = Sans scripts, cette page ne peut pas calculer d’empreinte. Les commandes ci-dessous font la même chose.
drop-answers = Réponses
drop-commands = La même chose dans un terminal
drop-commands-one = Un seul fichier, dont le serveur n’apprend que les premiers chiffres :
drop-commands-many = Beaucoup de fichiers, ou un dossier : la première commande va chercher ce que le serveur sait, la seconde cherche tout dans cette copie et n’interroge personne.
drop-limits = Ce qui n’est pas trouvé ainsi
drop-limit-algorithm = Seul SHA-256 est comparé. Un avis qui désigne le fichier par une autre sorte d’empreinte n’est pas trouvé ; palinode scan les compare toutes.
drop-limit-sensitive = Les avis sur des contenus sensibles désignent les fichiers sous une forme cachée, que l’on ne peut pas demander par ses premiers chiffres. palinode scan les trouve.
drop-limit-size = Les fichiers de plus de { $size }, car un navigateur a besoin du fichier entier en mémoire. Les commandes acceptent des fichiers de toute taille.
drop-limit-many = Plusieurs fichiers d’un même jeu de données révèlent ensemble lequel c’est. Qui en a beaucoup devrait utiliser la seconde commande.
drop-working = Recherche du fichier { $done } sur { $all } …
drop-done = Fichiers cherchés : { $done }.
drop-more = Fichiers cherchés : { $done }, et pas les autres. Pour davantage : palinode scan.
drop-notice = Lire l’avis { $notice }…
drop-dataset = Tout ce que l’on sait de ce fichier
drop-dataset-tells = (ouvrir cette page dit à { $origin } de quel fichier il s’agit)
drop-asked = On a demandé à { $origin } toutes les empreintes qui commencent par { $prefix }. L’empreinte de ce fichier est
drop-empty = Ce fichier est vide. Tout le monde a un tel fichier : aucun avis ne lui correspond jamais, et personne n’a été interrogé.
drop-large = Ce fichier dépasse { $size }, ce qui est trop pour la mémoire d’un navigateur. Personne n’a été interrogé ; utilisez une des commandes ci-dessous.
drop-unreadable = Le navigateur n’a pas pu lire ce fichier. C’est peut-être un dossier, il a pu disparaître ou être trop grand pour la mémoire. Personne n’a été interrogé ; utilisez une des commandes ci-dessous.
drop-unreachable = Le serveur n’a pas donné de réponse utilisable. Réessayez.
drop-busy = Le serveur a été interrogé trop souvent depuis votre adresse. Attendez une demi-minute et réessayez.
drop-crowded = Le serveur connaît trop d’empreintes qui commencent ainsi et veut plus de chiffres qu’on ne peut en dire sans trahir le fichier. Utilisez la seconde commande ci-dessous.

## Listes d’avis
column-dataset = Jeu de données
column-notice = Avis
column-reasons = Motifs
column-by = De
column-seen = Vu ici
lifted-short = (n’est plus en vigueur)
look-twice-short = (à regarder de près)
search-title = Avis
search-all = Tous les avis, les plus récents d’abord
search-words = Avis contenant les mots « { $words } »
search-as-name = Voici ce que l’on sait d’un jeu de données de ce nom :
search-none = { $origin } ne connaît aucun avis de ce genre, taille de l’arbre { $size }.
search-older = Avis plus anciens
search-issuer = Seulement ceux de { $issuer }.
filter-type = Type
filter-reason = Motif
filter-role = Rôle
filter-any = tous

## La page d’un identifiant
understood-as = Compris comme { $scheme } :
no-notice-known = { $origin } ne connaît aucun avis à la date du { $time }, taille de l’arbre { $size }. Ce qui n’est pas connu ici peut l’être ailleurs, ou demain.
caution-incomplete = Cette réponse est incomplète : un élément qui pourrait la changer n’a pas pu être examiné.
caution-list-removed = Cette réponse est incomplète : une liste de fichiers citée par un avis a été supprimée ici et ne reviendra pas. Il n’est pas possible de dire ici si ce fichier y figurait.
caution-truncated = La chaîne des jeux de données tirés les uns des autres se poursuit plus loin que ce qui a été suivi ici.
caution-conflict = Des avis de même force se contredisent ; le plus sévère l’emporte.
what-to-do = Que faire
find-copies = Pour trouver vos copies ; rien de vos fichiers ne quitte votre machine :
delete-from-cache = Pour le supprimer du cache de la bibliothèque Hugging Face :
use-instead = À utiliser à la place :
action-until = Avant le { $deadline } : { $action }
which-parts = Quelles parties
part-affected = concernée
part-unaffected = non concernée
who-says-so = Qui le dit
date-effective = prend effet
date-issued = émis
said-by = De
domain-attested = Son domaine a été { $attested }.
attested = vérifié par { $by } le { $on }
look-twice = Regardez de près qui le dit :
remark-key-changed = les clés de ce domaine sont reparties de zéro, et les avis des anciennes et des nouvelles clés figurent côte à côte.
remark-name-looks-like-name = le nom ressemble à celui d’un autre éditeur, { $text } ({ $other }).
remark-name-looks-like-domain = le nom ressemble au domaine { $text } d’un autre éditeur ({ $other }).
remark-domain-looks-like-name = le domaine ressemble au nom d’un autre éditeur, { $text } ({ $other }).
remark-domain-looks-like-domain = le domaine ressemble au domaine { $text } d’un autre éditeur ({ $other }).
remark-name-mixes-scripts = le nom mélange plusieurs écritures dans { $word } : { $scripts }.
remark-domain-mixes-scripts = le domaine mélange plusieurs écritures dans { $word } : { $scripts }.
says-of-it = Il dit de ce que vous avez demandé : { $verdict }. Ce qui concorde : { $strength }, avec
made-from = Ce que vous avez demandé a été tiré de
and-more =
    { $count ->
        [one] Et { $count } autre.
       *[other] Et { $count } autres.
    }
made-from-what = Ce qui a été tiré de quoi
graph-title = Un dessin des phrases ci-dessous : de gauche à droite, chaque jeu de données a été tiré du précédent.
derived = { $child } a été tiré de { $parent } ({ $relation }).
known-to = Selon ce que sait { $origin }.
known-as-of = Selon ce que sait { $origin } à la date du { $time }, taille de l’arbre { $size }.
answer-for-programs = La même réponse pour les programmes, avec les preuves
check-yourself = Vérifiez vous-même

## La page d’un avis
force-in-force = Cet avis est en vigueur.
force-lifted = Cet avis n’est plus en vigueur.
force-scheduled = Il prend effet le { $date }.
sensitive-note = Cet avis porte sur un contenu que personne ne devrait chercher. Il ne nomme les fichiers que sous une forme masquée : qui en possède un peut le tester, et personne ne peut en dresser la liste.
why = Pourquoi
what-is-wrong = Ce qui ne va pas
appeal-at = Recours auprès de
what-the-issuer-wrote = Ce que l’émetteur a écrit
read-more = Pour en savoir plus
what-it-is-about = De quoi il s’agit
dataset-of = Jeu de données de
also-called = Aussi appelé
version = Version
how-much = Dans quelle mesure
list-affected =
    { $count ->
        [one] Une liste de { $count } fichier concerné, sous forme d’empreinte { $algorithm } :
       *[other] Une liste de { $count } fichiers concernés, sous forme d’empreintes { $algorithm } :
    }
list-unaffected =
    { $count ->
        [one] Une liste de { $count } fichier non concerné, sous forme d’empreinte { $algorithm } :
       *[other] Une liste de { $count } fichiers non concernés, sous forme d’empreintes { $algorithm } :
    }
made-of-it = Ce qui en a été tiré
other-notices = Autres avis à propos de celui-ci
relation-to-disputed = Contesté par
relation-to-disputed-without-weight = Contesté, sans effet ici, par
relation-to-lifted-replaces = Remplacé par
relation-to-lifted-revokes = Révoqué par
relation-to-lifted-reinstates = Levé par un rétablissement :
relation-to-amended = Complété par
void-foreign-issuer = Quelqu’un d’autre a tenté de le lever, sans effet :
void-no-power-to-lift = Une clé qui n’en a pas le pouvoir a tenté de le lever :
prior-amends = Il complète
prior-replaces = Il remplace
prior-revokes = Il révoque
prior-reinstates = Il rétablit ce que celui-ci avait rétracté :
prior-disputes = Il conteste
three-times = Trois dates, tenues séparées
time-issued = Émis, selon son émetteur
time-effective = Prend effet, selon son émetteur
time-seen = Vu pour la première fois par ce serveur
time-logged = Dans le journal
log-entry = entrée { $index }, empreinte de la feuille
check-notice-lead = L’avis est signé par son émetteur, et le journal prouve qu’il le contient. Les deux peuvent être vérifiés sans faire confiance à ce serveur.
notice-id = Avis
signed-with = Signé avec
all-fields = tous les champs
signed-envelope = enveloppe signée
proof-of-inclusion = preuve d’inclusion
texts-none = L’avis est publié sans texte.
texts-available = { "" }
texts-awaited = Le texte n’est pas encore arrivé.
texts-removed = Le texte a été supprimé, pour une raison légale ou sur demande. L’avis demeure.
missing-notice = Avis introuvable
missing-notice-sentence = { $origin } ne connaît aucun avis portant cet identifiant. Il peut être connu ailleurs : cherchez plutôt le jeu de données lui-même.
missing-publisher = Éditeur introuvable
missing-publisher-sentence = Personne de ce nom n’a rien émis dont { $origin } ait connaissance.

## La page d’un éditeur
standing-pinned = Connu de l’exploitant de ce serveur.
standing-verified = Son domaine répond de lui.
standing-self-asserted = Personne ici ne se porte garant de son identité.
issuer-blocked = L’exploitant de ce serveur n’accepte plus rien de nouveau de cet émetteur.
issuer-waiting =
    { $count ->
        [one] { $count } fiche attend que son domaine soit vérifié.
       *[other] { $count } fiches attendent que leur domaine soit vérifié.
    }
issuer-without-record = Il n’a publié aucune fiche sur lui-même.
lineage = Lignée de clés
lineage-number = Lignée de clés { $number }
lineage-forked = Deux fiches revendiquent la même place. Tant que l’exploitant n’a pas tranché, les avis des deux côtés peuvent avertir, et aucun ne peut lever un avertissement.
homepage = Page
contact = Contact
speaks-for = Parle ici au nom de
keys = Clés
column-key = Clé
column-status = État
column-since = Depuis, selon lui-même
column-may-lift = Peut lever des avis
key-active = active
key-retired = hors service
key-compromised = compromise
records = Fiches
record-behind-fork = (après la bifurcation)
its-notices = Ses avis

## La page du journal
log-title = Le journal
log-lead = Chaque avis que ce serveur accepte est ajouté à un seul journal. Rien n’y est jamais modifié ni retiré, et quiconque détient un point de contrôle peut le prouver.
log-origin = Nom
log-size = Entrées
log-root = Empreinte racine
log-time = Attesté pour la dernière fois
log-key = Clé
log-growth = Comment il a grandi
log-growth-lead = Quelques points de contrôle que ce serveur a signés, du premier au plus récent, avec à peu près autant d’entrées entre chacun.
log-growth-drawing = Un dessin du tableau voisin : une ligne qui monte de gauche à droite avec le temps, à mesure que des entrées s’ajoutent.
log-cosigned = Qui a vu cet arbre
log-cosigned-lead = Les témoins signent que cet arbre commence par chaque arbre qu’ils ont vu auparavant. Un serveur qui montrerait deux journaux différents serait démasqué par eux.
column-witness = Témoin
column-time = Date
own-witness = (ce serveur)
all-entries = toutes les entrées

## La page des pairs
peers-title = Pairs de ce serveur
peers-lead = Ce serveur lit les journaux publics de ses pairs, vérifie lui-même chaque signature et cosigne ce qu’ils signent. Il ne croit rien de ce qu’ils se contentent d’affirmer. Un pair qui a signé deux versions de son journal est isolé pour toujours ; ce qui est venu de lui avant reste, car les avis tiennent par leurs propres signatures.
peers-none = Il n’en a pas encore.
peers-for-programs = La même chose pour les programmes, avec adresses et clés
column-peer = Pair
column-state = État
column-size = Taille de son journal
column-behind = Pas encore lu
column-contact = Dernier contact
column-evidence = Preuves contre lui
peer-well = en ordre
peer-not-reached = pas encore joint
peer-not-well = en défaut depuis le { $since } : { $error }
peer-paused-wanted = suspendu : trop de ses entrées étaient introuvables
peer-paused-day = suspendu jusqu’à demain : il a apporté tout ce qu’il peut apporter en un jour
peer-isolated = isolé : il a signé deux versions
peer-isolated-since = isolé depuis le { $since } : il a signé deux versions
peer-ended = son journal a pris fin ; { $origin } le continue depuis le { $since }
peer-claim-refused = Le { $at }, { $claimant } a prétendu le continuer et n’a pas été cru.

## Verdicts
verdict-retracted = Rétracté
verdict-part-retracted = Rétracté en partie
verdict-derived-from-retracted = Tiré de données rétractées
verdict-disputed = Contesté
verdict-removed-unexplained = Supprimé sans motif
verdict-concern = Réserve
verdict-reported = Signalé
verdict-corrected = Corrigé
verdict-scheduled = Annoncé
verdict-superseded = Remplacé
verdict-removed-no-fault = Supprimé, rien à reprocher
verdict-reinstated = Rétabli
verdict-not-affected = Non concerné
verdict-possible = Peut-être visé
verdict-no-notice = Aucun avis connu
verdict-unidentified = Non compris
verdict-unchecked = Non vérifié
sentence-retracted = Ce jeu de données a été rétracté par quelqu’un qui parle en son nom ; ne l’utilisez pas.
sentence-part-retracted = La partie de ce jeu de données que vous avez demandée a été rétractée ; ne l’utilisez pas.
sentence-part-retracted-cannot-tell = Une partie de ce jeu de données a été rétractée, et l’avis ne permet pas de dire si votre copie est visée.
sentence-derived-from-retracted = Ceci a été tiré d’un jeu de données rétracté et se trouve rétracté avec lui.
sentence-disputed = Un avis met en cause ce jeu de données, et quelqu’un qui est en droit de répondre le conteste.
sentence-removed-unexplained = Ce jeu de données a été supprimé, et personne n’a dit pourquoi.
sentence-concern = Quelqu’un qui parle au nom de ce jeu de données a exprimé une réserve ; lisez-la avant de l’utiliser.
sentence-reported = Quelqu’un à qui ce jeu de données n’appartient pas signale qu’il ne devrait pas être utilisé tel quel.
sentence-corrected = Ce jeu de données était erroné et a été corrigé ; procurez-vous la version corrigée.
sentence-scheduled = Un changement de ce jeu de données a été annoncé et prendra effet plus tard.
sentence-superseded = Un jeu de données plus récent prend la place de celui-ci.
sentence-removed-no-fault = Ce jeu de données n’est plus proposé, et personne ne dit que les données posent un problème.
sentence-reinstated = Ce jeu de données avait été rétracté et peut de nouveau être utilisé.
sentence-not-affected = Un avis sur ce jeu de données dit que vos fichiers ne sont pas ceux qu’il vise.
sentence-possible = Un avis vise peut-être ce jeu de données : seul un nom ou une page concorde.
sentence-no-notice = Aucun avis n’est connu.
sentence-unidentified = Il n’y avait pas d’identifiant à chercher.
sentence-unchecked = La vérification n’a pas pu être menée à bien ; on ne peut donc rien dire.

## Types d’avis, rôles et autorité
type-retraction = Rétractation
type-partial-retraction = Rétractation partielle
type-removal = Suppression
type-expression-of-concern = Réserve
type-correction = Correction
type-supersession = Remplacement
type-deprecation = Abandon annoncé
type-access-change = Changement d’accès
type-reinstatement = Rétablissement
type-revocation = Révocation d’un avis
type-response = Réponse
role-publisher = en tant qu’éditeur
role-host = en tant qu’hébergeur
role-funder-or-board = en tant que financeur ou comité
role-rights-holder = en tant que titulaire de droits
role-data-subject = en tant que personne présente dans les données
role-observer = en tant qu’observateur
authority-owner = qui parle au nom de ce jeu de données
authority-host = qui l’héberge
authority-by-association = un éditeur connu ici, à qui appartient un jeu de données que l’avis nomme à côté de celui-ci
authority-other = à qui ce jeu de données n’appartient pas, pour autant que ce serveur le sache

## Ce qui concorde
strength-exact-bytes = les octets exacts
strength-tree = le dossier exact
strength-weak-bytes = les octets, selon une empreinte faible
strength-versioned-id = l’identifiant et la version
strength-id = l’identifiant
strength-url = l’adresse
strength-alias = le nom

## Identifiants
scheme-doi = un DOI
scheme-url = une adresse
scheme-hf = un dépôt sur Hugging Face
scheme-kaggle = un jeu de données sur Kaggle
scheme-git = un dépôt Git
scheme-swh = un identifiant Software Heritage
scheme-btih = un torrent
scheme-gdrive = un partage Google Drive
scheme-arxiv = un article sur arXiv
scheme-md5 = une empreinte MD5
scheme-sha1 = une empreinte SHA-1
scheme-sha256 = une empreinte SHA-256
scheme-sha512 = une empreinte SHA-512
scheme-blake3 = une empreinte BLAKE3
scheme-name = un nom
scheme-ark = un ARK
scheme-hdl = un handle
scheme-openml = un jeu de données sur OpenML
scheme-btmh = un torrent (version 2)
scheme-archive = un élément d’Internet Archive
scheme-baidu = un partage Baidu
scheme-dirhash1 = l’empreinte d’un dossier
scheme-dvcdir = l’empreinte d’un dossier DVC
scheme-purl = l’adresse d’un paquet (package URL)
scheme-blind = une empreinte masquée
subject-whole = le jeu de données entier
subject-version = une version
subject-file = un fichier
subject-mirror = une copie ailleurs
subject-landing-page = sa page
subject-described-by = l’article qui le décrit
scope-whole = en entier
scope-versions = certaines versions
scope-parts = certaines parties
scope-files = certains fichiers
scope-records = certains enregistrements
scope-subjects-listed = exactement les versions, fichiers et copies énumérés ci-dessous
relation-subset = une partie de celui-ci
relation-superset = le contient
relation-cleaned = nettoyé
relation-re-encoded = enregistré sous une autre forme
relation-merged-into = y a été fusionné
relation-annotations-of = annotations de celui-ci
relation-trained-on = entraîné avec celui-ci
relation-other = d’une autre manière
inherits-yes = L’avis vaut aussi pour lui.
inherits-no = L’avis ne vaut pas pour lui.
inherits-unknown = On ne sait pas si l’avis vaut aussi pour lui.
reference-evidence = Élément de preuve
reference-report = Rapport
reference-article = Article
reference-discussion = Discussion
reference-order = Décision
reference-tombstone = Page de suppression
reference-policy = Règlement

## Motifs, ce qu’ils signifient et ce qu’il faut faire
reason-privacy = Vie privée
reason-consent = Consentement
reason-re-identification = Réidentification
reason-ethics-approval = Accord éthique
reason-offensive-content = Contenu offensant
reason-illegal-content = Contenu illégal
reason-copyright = Droit d’auteur
reason-licence-terms = Conditions de licence
reason-legal-order = Décision de justice ou d’une autorité
reason-data-error = Erreur dans les données
reason-fabrication = Falsification
reason-unverifiable = Invérifiable
reason-contamination = Contamination
reason-bias = Biais
reason-misuse-risk = Risque d’abus
reason-security = Sécurité
reason-opt-out = Demande de retrait
reason-authorship = Paternité
reason-article-retracted = Article rétracté
reason-superseded = Remplacé
reason-provider-decision = Décision du fournisseur
reason-moved = Déplacé
reason-source-unavailable = Source disparue
reason-not-maintained = Plus entretenu
reason-policy = Règlement
reason-published-in-error = Publié par erreur
reason-not-stated = Non indiqué
meaning-privacy = Il contient des données personnelles qui ne devraient pas s’y trouver.
meaning-consent = Des personnes qui y figurent n’ont pas donné leur accord, ou l’ont repris.
meaning-re-identification = On peut y reconnaître des personnes, bien que leurs noms aient été retirés.
meaning-ethics-approval = Il a été recueilli sans l’accord nécessaire, ou au-delà de cet accord.
meaning-offensive-content = Il contient des éléments qui insultent ou avilissent des personnes.
meaning-illegal-content = Il contient des éléments que personne n’a le droit de posséder ni de transmettre.
meaning-copyright = Il contient des œuvres sans la permission de ceux à qui elles appartiennent.
meaning-licence-terms = Il a été diffusé contrairement aux conditions d’une source ou d’une licence.
meaning-legal-order = Un tribunal ou une autorité l’a ordonné.
meaning-data-error = Les données sont fausses.
meaning-fabrication = Les données ont été inventées ou falsifiées.
meaning-unverifiable = Personne n’a pu montrer que les données sont ce qu’elles prétendent être.
meaning-contamination = Il contient des données qui ne devraient pas s’y trouver, par exemple des doublons ou un jeu de test.
meaning-bias = Il donne des personnes ou des choses une image fausse qui cause du tort.
meaning-misuse-risk = Il sert, ou peut servir, à nuire.
meaning-security = Il contient quelque chose qui nuit à qui l’ouvre.
meaning-opt-out = Des personnes ou des propriétaires ont demandé à ne plus y figurer.
meaning-authorship = On ne s’accorde pas sur son auteur, ou il a été pris à d’autres.
meaning-article-retracted = L’article auquel il appartient a été rétracté.
meaning-superseded = Un plus récent prend sa place.
meaning-provider-decision = Celui qui le proposait a décidé d’arrêter.
meaning-moved = Il est désormais proposé ailleurs.
meaning-source-unavailable = Ce dont il a été tiré n’existe plus.
meaning-not-maintained = Plus personne ne s’en occupe.
meaning-policy = Les règles de celui qui le proposait, ou la politique, y ont mis fin.
meaning-published-in-error = Il n’a jamais été destiné à être publié.
meaning-not-stated = Personne n’a dit pourquoi.
fault-data = les données
fault-rights = les droits sur lui
fault-people-harm = il nuit à des personnes
fault-none = rien
fault-unknown = on ne sait pas
action-none = Il n’y a rien à faire.
action-inform = Prévenez ceux à qui vous l’avez donné.
action-stop-use = Cessez de l’utiliser.
action-delete = Supprimez vos copies.
action-do-not-redistribute = Ne le transmettez pas.
action-update-to = Passez au jeu de données qui le remplace.
action-re-download = Téléchargez-le de nouveau.
action-cite-with-notice = Si vous le citez, citez aussi cet avis.
publication-allow = Les travaux qui l’utilisent peuvent être publiés.
publication-allow-with-statement = Les travaux qui l’utilisent peuvent être publiés avec une mention de cet avis.
publication-refuse-new-use = De nouveaux travaux ne devraient pas l’utiliser.

## Abonnements et badges
feed-title = Avis connus de { $origin }
feed-title-of = Avis sur { $id } connus de { $origin }
subscribe-atom = S’abonner (Atom)
subscribe-json = S’abonner (JSON Feed)
embed-title = Sur votre propre page
embed-lead = Un badge pour un README ; il change avec le verdict :

## Statistiques
statistics-title = Statistiques
statistics-counted = Sont comptés les avis du journal de { $origin }, taille de l’arbre { $size }.
statistics-lead = Chacun compte une fois, au mois où ce serveur l’a vu pour la première fois. Rien n’est retiré du journal : un avis révoqué par la suite compte donc toujours ; les avis qui parlent d’autres avis, dont les révocations, sont présentés à part. D’autres serveurs peuvent en détenir d’autres.
statistics-all = { $notices ->
    [one] { $notices } avis en tout.
   *[other] { $notices } avis en tout.
}
statistics-months = Par mois
statistics-months-lead = Le mois (UTC) où ce serveur a vu un avis pour la première fois.
statistics-months-drawing = Un dessin du tableau voisin : une colonne par mois, de gauche à droite. Les colonnes pleines sont les avis sur des jeux de données, les colonnes creuses les avis sur d’autres avis.
statistics-earlier = { $notices ->
    [one] { $notices } autre avis est venu avant ces mois.
   *[other] { $notices } autres avis sont venus avant ces mois.
}
statistics-verdicts = Par verdict
statistics-verdicts-lead = Des jeux de données, non des avis : ce que chaque avis nomme comme le jeu de données lui-même, de plusieurs identifiants le premier, est interrogé comme chacun peut le faire, et compte une fois sous son verdict du jour. Un jeu de données que des avis nomment différemment compte plusieurs fois ; celui dont tous les avis ont été révoqués compte comme non connu.
statistics-verdicts-as-of = Décidé à { $time }, taille de l’arbre { $size }.
statistics-verdicts-all = { $datasets ->
    [one] { $datasets } jeu de données en tout.
   *[other] { $datasets } jeux de données en tout.
}
statistics-verdicts-later = Le décompte est en cours. Revenez dans une minute.
column-verdict = Verdict
column-datasets = Jeux de données
statistics-kinds = Par type
statistics-about-notices = Avis sur d’autres avis
statistics-about-notices-lead = Ils changent ce que dit un avis antérieur, ou y répondent.
statistics-reasons = Par motif
statistics-reasons-lead = Un avis peut donner plusieurs motifs, ou aucun.
statistics-for-programs = La même chose pour les programmes
column-month = Mois
column-notices = Avis
column-about-datasets = Sur des jeux de données
column-about-notices = Sur d’autres avis

## Quand une page ne peut pas être montrée
error-400 = Cette demande est illisible
error-400-next = Quelque chose ne va pas dans l’adresse. Cherchez la partie nommée ci-dessous, ou recommencez avec le champ de recherche.
error-404 = Il n’y a rien ici
error-404-next = Vérifiez l’adresse, ou cherchez le jeu de données avec le champ de recherche.
error-405 = Cette adresse n’accepte pas une telle demande
error-405-next = Elle est destinée aux programmes, qui lui envoient quelque chose. L’interface pour les programmes est décrite au bas de la page.
error-406 = Indisponible sous cette forme
error-406-next = Demandez une autre forme, ou recommencez avec le champ de recherche.
error-413 = C’est trop volumineux
error-413-next = Envoyez-en moins à la fois ; la limite est indiquée ci-dessous.
error-429 = Trop de demandes depuis votre réseau
error-429-next = Attendez un instant, puis rechargez la page. Qui interroge souvent peut garder le journal entier et chercher chez soi : voir « palinode index ».
error-451 = Ceci a été supprimé, pour une raison légale ou sur demande
error-451-next = Cela ne reviendra pas. L’avis qui le nomme demeure et dit toujours ce qu’il disait du jeu de données : cherchez-le avec le champ.
error-500 = Le serveur a échoué
error-500-next = Réessayez plus tard. Si cela persiste, dites à l’exploitant de ce serveur quand c’est arrivé.
error-503 = Le serveur ne peut pas répondre pour le moment
error-503-next = Réessayez dans un moment. D’autres serveurs ont peut-être les mêmes avis.
error-wait = { $seconds ->
    [one] Réessayez dans { $seconds } seconde.
   *[other] Réessayez dans { $seconds } secondes.
}
error-said = Ce que le serveur en dit, en anglais :
removed-on = Supprimé
removed-basis = Fondement
removed-jurisdiction = Selon le droit de
removed-reference = Référence
basis-legal-order = Un tribunal ou une autorité l’a ordonné.
basis-personal-data = Des données personnelles devaient disparaître.
basis-rights = Cela portait atteinte aux droits de quelqu’un.
basis-issuer-request = Son auteur l’a demandé.
basis-policy = Cela enfreignait les règles de ce serveur.

## L’interface pour les programmes
docs-title = Interface pour les programmes
docs-lead = Chaque chemin de ce serveur : ce qu’il prend et ce qu’il répond. Ces pages sont faites à partir de la description que lisent les programmes.
docs-clients = Écrire un client : des clients courts et complets en Python, JavaScript et shell
docs-description = La description pour les programmes (OpenAPI 3.1)
docs-schema-notice = Schéma JSON d’un avis
docs-schema-publisher = Schéma JSON d’une fiche d’éditeur
docs-paths = Chemins
docs-problems = Problèmes
docs-problems-lead = Ce que les chemins répondent quand quelque chose ne va pas. Chaque chemin nomme ceux qu’il peut répondre.
docs-headers = En-têtes
docs-group-title = Interface : { $group }
docs-all = Tous les chemins
docs-token = Demande le jeton du reçu qui a demandé l’envoi.
docs-parameters = Paramètres
docs-body = Corps
docs-request = Requête
docs-body-file = Voici body.json :
docs-answers = Réponses
docs-example = Réponse à l’exemple
docs-required = obligatoire
docs-schema-title = Champs : { $name }
docs-fields = Champs
docs-either = L’un parmi plusieurs
