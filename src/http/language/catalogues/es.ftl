### Las páginas en español.

## Alrededor de cada página
skip-to-content = Ir al contenido
nav-label = Páginas de este servidor
nav-notices = Avisos
nav-statistics = Estadísticas
nav-log = Registro
nav-peers = Pares
languages = Idiomas
footer-checkable = Todas las respuestas de aquí se pueden comprobar:
footer-checkpoint = punto de control del registro
footer-keys = claves de este servidor
footer-interface = interfaz para programas
list-separator = { ", " }
full-stop = .
comma = { ", " }
colon = { ": " }
leads-to = →
never = nunca
none = ninguna
yes = sí
no = no
time-unknown = una fecha desconocida

## El cuadro de búsqueda
box-label = DOI, dirección, repositorio, torrent, huella de un archivo o nombre de un conjunto de datos
box-button = Buscar

## La página de inicio
front-title = ¿Se ha retractado este conjunto de datos?
front-lead = Este servidor guarda avisos firmados de que se han retractado, corregido, reemplazado o eliminado conjuntos de datos, en un registro público que solo crece. Los intercambia con sus pares y comprueba él mismo cada firma.
front-holds = { $notices ->
    [one] Contiene un aviso
   *[other] Contiene { $notices } avisos
} (tamaño del árbol { $size }).
front-drop = ¿Tiene un archivo? Compruébelo sin enviarlo
front-newest = Avisos más recientes
front-none = Todavía no hay ninguno.
policy-pinned = Aquí solo pueden publicar los editores que ha fijado el operador.
policy-verified = Aquí solo pueden publicar los editores que ha fijado el operador, o aquellos cuyo dominio nombra sus claves.
policy-open = Aquí puede publicar cualquiera, así que fíjese en quién dice qué.

## Buscar archivos
drop-title = Buscar un archivo sin enviarlo
drop-lead = Su navegador calcula el resumen criptográfico de un archivo, pregunta por sus primeros dígitos y compara él mismo. Ni el archivo, ni su nombre, ni el resumen entero salen de su dispositivo.
drop-zone-title = Archivos
drop-zone = Suelte archivos aquí, o elija hasta { $files }:
drop-leaves = Solo los primeros { $digits } dígitos de cada resumen se envían a { $origin } (hasta 6 donde se conocen muchísimos). Uno de cada 65 536 archivos del mundo empieza así.
drop-plain = Su navegador solo calcula resúmenes en páginas que llegan por https o de esta máquina (localhost). Esta página llegó de otro modo: use una de las órdenes de abajo.
drop-noscript = Sin scripts, esta página no puede calcular un resumen. Las órdenes de abajo hacen lo mismo.
drop-answers = Respuestas
drop-commands = Lo mismo en una terminal
drop-commands-one = Un archivo, del que el servidor solo conoce los primeros dígitos:
drop-commands-many = Muchos archivos, o una carpeta: la primera orden trae lo que el servidor sabe, la segunda lo busca todo en esa copia y no pregunta a nadie.
drop-limits = Lo que no se encuentra así
drop-limit-algorithm = Solo se compara SHA-256. Un aviso que nombra el archivo con otra clase de resumen no se encuentra; palinode scan compara todas las clases.
drop-limit-sensitive = Los avisos sobre material delicado nombran los archivos en una forma oculta, por cuyos primeros dígitos no se puede preguntar. palinode scan los encuentra.
drop-limit-size = Archivos de más de { $size }, porque un navegador necesita el archivo entero en memoria. Las órdenes aceptan archivos de cualquier tamaño.
drop-limit-many = Varios archivos de un conjunto de datos revelan juntos cuál es. Quien tenga muchos debería usar la segunda orden.
drop-working = Buscando el archivo { $done } de { $all } …
drop-done = Archivos buscados: { $done }.
drop-more = Archivos buscados: { $done }, y no los demás. Para más: palinode scan.
drop-notice = Leer el aviso { $notice }…
drop-dataset = Todo lo que se sabe de este archivo
drop-dataset-tells = (abrir esta página le dice a { $origin } de qué archivo se trata)
drop-asked = Se preguntó a { $origin } por todos los resúmenes que empiezan por { $prefix }. El resumen de este archivo es
drop-empty = Este archivo está vacío. Todo el mundo tiene un archivo así, de modo que ningún aviso coincide nunca con él, y no se preguntó a nadie.
drop-large = Este archivo tiene más de { $size }, demasiado para la memoria de un navegador. No se preguntó a nadie; use una de las órdenes de abajo.
drop-unreadable = El navegador no pudo leer este archivo. Puede ser una carpeta, haber desaparecido o ser demasiado grande para la memoria. No se preguntó a nadie; use una de las órdenes de abajo.
drop-unreachable = El servidor no dio una respuesta utilizable. Inténtelo de nuevo.
drop-busy = Se preguntó al servidor demasiadas veces desde su dirección. Espere medio minuto e inténtelo de nuevo.
drop-crowded = El servidor conoce demasiados resúmenes que empiezan así y quiere más dígitos de los que se pueden decir sin revelar el archivo. Use la segunda orden de abajo.

## Listas de avisos
column-dataset = Conjunto de datos
column-notice = Aviso
column-reasons = Motivos
column-by = De
column-seen = Visto aquí
lifted-short = (ya no está en vigor)
look-twice-short = (mírelo con cuidado)
search-title = Avisos
search-all = Todos los avisos, los más recientes primero
search-words = Avisos con las palabras «{ $words }»
search-as-name = Esto es lo que se sabe de un conjunto de datos con este nombre:
search-none = { $origin } no conoce ningún aviso así, tamaño del árbol { $size }.
search-older = Avisos anteriores
search-issuer = Solo los de { $issuer }.
filter-type = Tipo
filter-reason = Motivo
filter-role = Papel
filter-any = cualquiera

## La página de un identificador
understood-as = Entendido como { $scheme }:
no-notice-known = { $origin } no conoce ningún aviso a fecha de { $time }, tamaño del árbol { $size }. Lo que aquí no se conoce puede conocerse en otro lugar, o mañana.
caution-incomplete = Esta respuesta está incompleta: no se pudo examinar algo que podría cambiarla.
caution-list-removed = Esta respuesta está incompleta: una lista de archivos que cita un aviso fue eliminada aquí y no volverá. Aquí no se puede decir si este archivo figuraba en ella.
caution-truncated = La cadena de lo que se hizo a partir de qué sigue más allá de lo que se recorrió aquí.
caution-conflict = Hay avisos de igual fuerza que se contradicen; cuenta el más severo.
what-to-do = Qué hacer
find-copies = Para encontrar sus copias; nada sobre sus archivos sale de su equipo:
delete-from-cache = Para borrarlo de la caché de la biblioteca de Hugging Face:
use-instead = Use en su lugar:
action-until = Hasta el { $deadline }: { $action }
which-parts = Qué partes
part-affected = afectada
part-unaffected = no afectada
who-says-so = Quién lo dice
date-effective = entra en vigor
date-issued = emitido
said-by = De
domain-attested = Su dominio fue { $attested }.
attested = verificado por { $by } el { $on }
look-twice = Fíjese bien en quién lo dice:
remark-key-changed = las claves de este dominio empezaron de nuevo, y los avisos de las claves antiguas y de las nuevas figuran unos junto a otros.
remark-name-looks-like-name = el nombre se parece al de otro editor, { $text } ({ $other }).
remark-name-looks-like-domain = el nombre se parece al dominio { $text } de otro editor ({ $other }).
remark-domain-looks-like-name = el dominio se parece al nombre de otro editor, { $text } ({ $other }).
remark-domain-looks-like-domain = el dominio se parece al dominio { $text } de otro editor ({ $other }).
remark-name-mixes-scripts = el nombre mezcla escrituras en { $word }: { $scripts }.
remark-domain-mixes-scripts = el dominio mezcla escrituras en { $word }: { $scripts }.
says-of-it = Dice de lo que usted ha consultado: { $verdict }. Lo que coincide: { $strength }, con
made-from = Lo que usted ha consultado se hizo a partir de
and-more =
    { $count ->
        [one] Y uno más.
       *[other] Y { $count } más.
    }
made-from-what = Qué se hizo a partir de qué
graph-title = Un dibujo de las frases de abajo: de izquierda a derecha, cada conjunto de datos se hizo a partir del anterior.
derived = { $child } se hizo a partir de { $parent } ({ $relation }).
known-to = Según lo que sabe { $origin }.
known-as-of = Según lo que sabe { $origin } a fecha de { $time }, tamaño del árbol { $size }.
answer-for-programs = La misma respuesta para programas, con pruebas
check-yourself = Compruébelo usted

## La página de un aviso
force-in-force = Este aviso está en vigor.
force-lifted = Este aviso ya no está en vigor.
force-scheduled = Entra en vigor el { $date }.
sensitive-note = Este aviso trata de material que nadie debería buscar. Nombra los archivos solo de forma encubierta: quien tenga uno puede comprobarlo, y nadie puede hacer una lista de ellos.
why = Por qué
what-is-wrong = Qué está mal
appeal-at = Recurso ante
what-the-issuer-wrote = Lo que escribió el emisor
read-more = Para saber más
what-it-is-about = De qué trata
dataset-of = Conjunto de datos de
also-called = También llamado
version = Versión
how-much = Cuánto de él
list-affected =
    { $count ->
        [one] Una lista de un archivo afectado, como huella { $algorithm }:
       *[other] Una lista de { $count } archivos afectados, como huellas { $algorithm }:
    }
list-unaffected =
    { $count ->
        [one] Una lista de un archivo no afectado, como huella { $algorithm }:
       *[other] Una lista de { $count } archivos no afectados, como huellas { $algorithm }:
    }
made-of-it = Lo que se hizo a partir de él
other-notices = Otros avisos sobre este
relation-to-disputed = Impugnado por
relation-to-disputed-without-weight = Impugnado, sin efecto aquí, por
relation-to-lifted-replaces = Reemplazado por
relation-to-lifted-revokes = Revocado por
relation-to-lifted-reinstates = Levantado por una readmisión:
relation-to-amended = Completado por
void-foreign-issuer = Otra persona intentó levantarlo, sin efecto:
void-no-power-to-lift = Una clave sin poder para ello intentó levantarlo:
prior-amends = Completa
prior-replaces = Reemplaza
prior-revokes = Revoca
prior-reinstates = Readmite lo que este retractó:
prior-disputes = Impugna
three-times = Tres fechas, por separado
time-issued = Emitido, según su emisor
time-effective = En vigor, según su emisor
time-seen = Visto por primera vez por este servidor
time-logged = En el registro
log-entry = entrada { $index }, huella de la hoja
check-notice-lead = El aviso está firmado por su emisor, y el registro prueba que lo contiene. Ambas cosas se pueden comprobar sin confiar en este servidor.
notice-id = Aviso
signed-with = Firmado con
all-fields = todos los campos
signed-envelope = sobre firmado
proof-of-inclusion = prueba de inclusión
texts-none = El aviso viene sin texto.
texts-available = { "" }
texts-awaited = El texto aún no ha llegado.
texts-removed = El texto fue eliminado, por ley o a petición. El aviso permanece.
missing-notice = No existe ese aviso
missing-notice-sentence = { $origin } no conoce ningún aviso con este identificador. Puede que se conozca en otro lugar: pregunte por el conjunto de datos.
missing-publisher = No existe ese editor
missing-publisher-sentence = Nadie con ese nombre ha emitido nada de lo que { $origin } tenga noticia.

## La página de un editor
standing-pinned = El operador de este servidor lo conoce.
standing-verified = Su dominio responde por él.
standing-self-asserted = Aquí nadie responde de quién es.
issuer-blocked = El operador de este servidor no acepta nada nuevo de este emisor.
issuer-waiting =
    { $count ->
        [one] Una ficha espera a que se verifique su dominio.
       *[other] { $count } fichas esperan a que se verifique su dominio.
    }
issuer-without-record = No ha publicado ninguna ficha sobre sí mismo.
lineage = Línea de claves
lineage-number = Línea de claves { $number }
lineage-forked = Dos fichas reclaman el mismo lugar. Hasta que el operador lo resuelva, los avisos de ambos lados pueden advertir, y ninguno puede levantar una advertencia.
homepage = Página
contact = Contacto
speaks-for = Habla aquí por
keys = Claves
column-key = Clave
column-status = Estado
column-since = Desde, según él mismo
column-may-lift = Puede levantar avisos
key-active = activa
key-retired = fuera de servicio
key-compromised = comprometida
records = Fichas
record-behind-fork = (tras la bifurcación)
its-notices = Sus avisos

## La página del registro
log-title = El registro
log-lead = Cada aviso que este servidor acepta se añade a un único registro. Nada se cambia ni se saca nunca de él, y quien tenga un punto de control puede probarlo.
log-origin = Nombre
log-size = Entradas
log-root = Huella raíz
log-time = Atestiguado por última vez
log-key = Clave
log-growth = Cómo creció
log-growth-lead = Algunos de los puntos de control que este servidor firmó, del primero al más reciente, con más o menos las mismas entradas entre cada dos.
log-growth-drawing = Un dibujo de la tabla de al lado: una línea que sube de izquierda a derecha con el tiempo, a medida que se añaden entradas.
log-cosigned = Quién ha visto este árbol
log-cosigned-lead = Los testigos firman que este árbol empieza con cada árbol que vieron antes. Un servidor que mostrara dos registros distintos sería descubierto por ellos.
column-witness = Testigo
column-time = Fecha
own-witness = (este servidor)
all-entries = todas las entradas

## La página de los pares
peers-title = Pares de este servidor
peers-lead = Este servidor lee los registros públicos de sus pares, comprueba él mismo cada firma y cofirma lo que ellos firman. No cree nada que se limiten a decir. Un par que firmó dos historias de su registro queda aislado para siempre; lo que vino de él antes se queda, porque los avisos valen por sus propias firmas.
peers-none = Todavía no tiene ninguno.
peers-for-programs = Lo mismo para programas, con direcciones y claves
column-peer = Par
column-state = Estado
column-size = Tamaño de su registro
column-behind = Aún sin leer
column-contact = Último contacto
column-evidence = Pruebas en su contra
peer-well = en orden
peer-not-reached = aún no alcanzado
peer-not-well = con problemas desde { $since }: { $error }
peer-paused-wanted = en pausa: demasiadas de sus entradas no se pudieron obtener
peer-paused-day = en pausa hasta mañana: trajo todo lo que puede traer en un día
peer-isolated = aislado: firmó dos historias
peer-isolated-since = aislado desde { $since }: firmó dos historias
peer-ended = su registro terminó; { $origin } lo continúa desde { $since }
peer-claim-refused = El { $at }, { $claimant } afirmó que lo continuaba y no se le creyó.

## Veredictos
verdict-retracted = Retractado
verdict-part-retracted = Retractado en parte
verdict-derived-from-retracted = Hecho a partir de algo retractado
verdict-disputed = Impugnado
verdict-removed-unexplained = Eliminado sin motivo
verdict-concern = Reservas
verdict-reported = Denunciado
verdict-corrected = Corregido
verdict-scheduled = Anunciado
verdict-superseded = Sustituido
verdict-removed-no-fault = Eliminado, sin defecto
verdict-reinstated = Readmitido
verdict-not-affected = No afectado
verdict-possible = Quizá aludido
verdict-no-notice = Ningún aviso conocido
verdict-unidentified = No entendido
verdict-unchecked = Sin comprobar
sentence-retracted = Alguien que habla por este conjunto de datos lo ha retractado; no lo use.
sentence-part-retracted = La parte de este conjunto de datos que usted ha consultado ha sido retractada; no la use.
sentence-part-retracted-cannot-tell = Parte de este conjunto de datos ha sido retractada, y el aviso no permite saber si se refiere a su copia.
sentence-derived-from-retracted = Esto se hizo a partir de un conjunto de datos retractado y hereda la retractación.
sentence-disputed = Un aviso habla en contra de este conjunto de datos, y alguien con derecho a responder lo impugna.
sentence-removed-unexplained = Este conjunto de datos fue eliminado, y nadie dijo por qué.
sentence-concern = Alguien que habla por este conjunto de datos ha expresado reservas; léalas antes de usarlo.
sentence-reported = Alguien que no es dueño de este conjunto de datos informa de que no debería usarse tal como está.
sentence-corrected = Este conjunto de datos era erróneo y ha sido corregido; consiga el corregido.
sentence-scheduled = Se ha anunciado un cambio en este conjunto de datos, que entrará en vigor más adelante.
sentence-superseded = Un conjunto de datos más reciente ocupa el lugar de este.
sentence-removed-no-fault = Este conjunto de datos ya no se ofrece, y nadie dice que los datos tengan algo malo.
sentence-reinstated = Este conjunto de datos fue retractado y puede volver a usarse.
sentence-not-affected = Un aviso sobre este conjunto de datos dice que sus archivos no son los aludidos.
sentence-possible = Un aviso puede referirse a este conjunto de datos: solo coincide un nombre o una página.
sentence-no-notice = No se conoce ningún aviso.
sentence-unidentified = No había ningún identificador que buscar.
sentence-unchecked = Esto no se pudo comprobar del todo, así que no se puede decir nada.

## Tipos de avisos, papeles y autoridad
type-retraction = Retractación
type-partial-retraction = Retractación parcial
type-removal = Eliminación
type-expression-of-concern = Expresión de reservas
type-correction = Corrección
type-supersession = Sustitución
type-deprecation = Abandono anunciado
type-access-change = Cambio de acceso
type-reinstatement = Readmisión
type-revocation = Revocación de un aviso
type-response = Respuesta
role-publisher = como editor
role-host = como anfitrión
role-funder-or-board = como financiador o comité
role-rights-holder = como titular de derechos
role-data-subject = como persona que figura en los datos
role-observer = como observador
authority-owner = que habla por este conjunto de datos
authority-host = que lo aloja
authority-by-association = un editor conocido aquí, dueño de un conjunto de datos que el aviso nombra junto a este
authority-other = que no es dueño de este conjunto de datos, hasta donde sabe este servidor

## Qué coincide
strength-exact-bytes = los bytes exactos
strength-tree = la carpeta exacta
strength-weak-bytes = los bytes, según una huella débil
strength-versioned-id = el identificador y la versión
strength-id = el identificador
strength-url = la dirección
strength-alias = el nombre

## Identificadores
scheme-doi = un DOI
scheme-url = una dirección
scheme-hf = un repositorio en Hugging Face
scheme-kaggle = un conjunto de datos en Kaggle
scheme-git = un repositorio Git
scheme-swh = un identificador de Software Heritage
scheme-btih = un torrent
scheme-gdrive = un recurso compartido en Google Drive
scheme-arxiv = un artículo en arXiv
scheme-md5 = una huella MD5
scheme-sha1 = una huella SHA-1
scheme-sha256 = una huella SHA-256
scheme-sha512 = una huella SHA-512
scheme-blake3 = una huella BLAKE3
scheme-name = un nombre
scheme-ark = un ARK
scheme-hdl = un handle
scheme-openml = un conjunto de datos en OpenML
scheme-btmh = un torrent (versión 2)
scheme-archive = un elemento de Internet Archive
scheme-baidu = un recurso compartido en Baidu
scheme-dirhash1 = la huella de una carpeta
scheme-dvcdir = la huella de una carpeta DVC
scheme-purl = la dirección de un paquete (package URL)
scheme-blind = una huella encubierta
subject-whole = el conjunto de datos entero
subject-version = una versión
subject-file = un archivo
subject-mirror = una copia en otro lugar
subject-landing-page = su página
subject-described-by = el artículo que lo describe
scope-whole = todo él
scope-versions = ciertas versiones
scope-parts = ciertas partes
scope-files = ciertos archivos
scope-records = ciertos registros
scope-subjects-listed = exactamente las versiones, los archivos y las copias que se enumeran abajo
relation-subset = una parte de él
relation-superset = lo contiene
relation-cleaned = depurado
relation-re-encoded = guardado en otra forma
relation-merged-into = integrado en él
relation-annotations-of = anotaciones de él
relation-trained-on = entrenado con él
relation-other = de otra manera
inherits-yes = El aviso también vale para él.
inherits-no = El aviso no vale para él.
inherits-unknown = No se sabe si el aviso también vale para él.
reference-evidence = Prueba
reference-report = Informe
reference-article = Artículo
reference-discussion = Debate
reference-order = Orden
reference-tombstone = Página de eliminación
reference-policy = Normas

## Motivos, qué significan y qué hacer
reason-privacy = Privacidad
reason-consent = Consentimiento
reason-re-identification = Reidentificación
reason-ethics-approval = Aprobación ética
reason-offensive-content = Contenido ofensivo
reason-illegal-content = Contenido ilegal
reason-copyright = Derechos de autor
reason-licence-terms = Condiciones de licencia
reason-legal-order = Orden legal
reason-data-error = Error en los datos
reason-fabrication = Falsificación
reason-unverifiable = No verificable
reason-contamination = Contaminación
reason-bias = Sesgo
reason-misuse-risk = Riesgo de mal uso
reason-security = Seguridad
reason-opt-out = Petición de exclusión
reason-authorship = Autoría
reason-article-retracted = Artículo retractado
reason-superseded = Sustituido
reason-provider-decision = Decisión del proveedor
reason-moved = Trasladado
reason-source-unavailable = Fuente desaparecida
reason-not-maintained = Sin mantenimiento
reason-policy = Normas
reason-published-in-error = Publicado por error
reason-not-stated = No indicado
meaning-privacy = Contiene datos personales que no deberían estar ahí.
meaning-consent = Personas que figuran en él no dieron su consentimiento, o lo retiraron.
meaning-re-identification = Se puede saber quiénes son las personas que figuran en él, aunque se quitaron los nombres.
meaning-ethics-approval = Se recogió sin la aprobación necesaria, o más allá de ella.
meaning-offensive-content = Contiene material que insulta o degrada a personas.
meaning-illegal-content = Contiene material que nadie puede poseer ni difundir.
meaning-copyright = Contiene obras sin el permiso de sus dueños.
meaning-licence-terms = Se compartió contra las condiciones de una fuente o de una licencia.
meaning-legal-order = Lo ordenó un tribunal o una autoridad.
meaning-data-error = Los datos son erróneos.
meaning-fabrication = Los datos fueron inventados o falsificados.
meaning-unverifiable = Nadie pudo demostrar que los datos son lo que dicen ser.
meaning-contamination = Contiene datos que no deberían estar en él, como duplicados o un conjunto de prueba.
meaning-bias = Da una imagen falsa de personas o cosas que causa daño.
meaning-misuse-risk = Se usa, o puede usarse, para hacer daño.
meaning-security = Contiene algo que daña a quien lo abre.
meaning-opt-out = Personas o dueños pidieron que se los excluyera.
meaning-authorship = Se discute quién lo hizo, o fue tomado de otros.
meaning-article-retracted = El artículo al que pertenece fue retractado.
meaning-superseded = Uno más reciente ocupa su lugar.
meaning-provider-decision = Quien lo ofrecía decidió dejar de hacerlo.
meaning-moved = Ahora se ofrece en otro lugar.
meaning-source-unavailable = Aquello de lo que se hizo ya no existe.
meaning-not-maintained = Ya nadie se ocupa de él.
meaning-policy = Le pusieron fin las normas de quien lo ofrecía, o la política.
meaning-published-in-error = Nunca se quiso publicar.
meaning-not-stated = Nadie dijo por qué.
fault-data = los datos
fault-rights = los derechos sobre él
fault-people-harm = daña a personas
fault-none = nada
fault-unknown = no se sabe
action-none = No hay que hacer nada.
action-inform = Avise a quienes se lo haya dado.
action-stop-use = Deje de usarlo.
action-delete = Borre sus copias.
action-do-not-redistribute = No lo difunda.
action-update-to = Pase al que lo reemplaza.
action-re-download = Descárguelo de nuevo.
action-cite-with-notice = Si lo cita, cite también este aviso.
publication-allow = Los trabajos que lo usan pueden publicarse.
publication-allow-with-statement = Los trabajos que lo usan pueden publicarse con una mención de este aviso.
publication-refuse-new-use = Los trabajos nuevos no deberían usarlo.

## Suscripciones y distintivos
feed-title = Avisos que conoce { $origin }
feed-title-of = Avisos sobre { $id } que conoce { $origin }
subscribe-atom = Suscribirse (Atom)
subscribe-json = Suscribirse (JSON Feed)
embed-title = En su propia página
embed-lead = Un distintivo para un README; cambia cuando cambia el veredicto:

## Estadísticas
statistics-title = Estadísticas
statistics-counted = Se cuentan los avisos del registro de { $origin }, tamaño del árbol { $size }.
statistics-lead = Cada uno cuenta una vez, en el mes en que este servidor lo vio por primera vez. Del registro no se saca nada, así que un aviso revocado después sigue contando; los avisos que hablan de otros avisos, entre ellos las revocaciones, figuran aparte. Otros servidores pueden tener otros.
statistics-all = { $notices ->
    [one] Un aviso en total.
   *[other] { $notices } avisos en total.
}
statistics-months = Por mes
statistics-months-lead = El mes (UTC) en que este servidor vio un aviso por primera vez.
statistics-months-drawing = Un dibujo de la tabla de al lado: una columna por mes, de izquierda a derecha. Las columnas llenas son avisos sobre conjuntos de datos; las huecas, avisos sobre otros avisos.
statistics-earlier = { $notices ->
    [one] Otro aviso llegó antes de estos meses.
   *[other] Otros { $notices } avisos llegaron antes de estos meses.
}
statistics-verdicts = Por veredicto
statistics-verdicts-lead = Conjuntos de datos, no avisos: se pregunta, como puede hacerlo cualquiera, por lo que cada aviso nombra como el propio conjunto, de varios identificadores el primero, y cuenta una vez bajo su veredicto de hoy. Un conjunto que los avisos nombran de distinta manera cuenta varias veces; uno cuyos avisos fueron todos revocados cuenta como no conocido.
statistics-verdicts-as-of = Decidido a las { $time }, con tamaño del árbol { $size }.
statistics-verdicts-all = { $datasets ->
    [one] Un conjunto de datos en total.
   *[other] { $datasets } conjuntos de datos en total.
}
statistics-verdicts-later = Se están contando. Vuelva a mirar dentro de un minuto.
column-verdict = Veredicto
column-datasets = Conjuntos de datos
statistics-kinds = Por tipo
statistics-about-notices = Avisos sobre otros avisos
statistics-about-notices-lead = Cambian lo que dice un aviso anterior, o le responden.
statistics-reasons = Por motivo
statistics-reasons-lead = Un aviso puede dar varios motivos, o ninguno.
statistics-for-programs = Lo mismo para programas
column-month = Mes
column-notices = Avisos
column-about-datasets = Sobre conjuntos de datos
column-about-notices = Sobre otros avisos

## Cuando algo no se puede mostrar
error-400 = Esta petición no se puede leer
error-400-next = Algo en la dirección no es como debería. Busque la parte que se nombra abajo, o empiece de nuevo con el cuadro de búsqueda.
error-404 = Aquí no hay nada
error-404-next = Compruebe la dirección, o busque el conjunto de datos con el cuadro de búsqueda.
error-405 = Esta dirección no acepta una petición así
error-405-next = Está pensada para programas que le envían algo. La interfaz para programas se describe al pie de la página.
error-406 = No disponible en esta forma
error-406-next = Pídalo en otra forma, o empiece de nuevo con el cuadro de búsqueda.
error-413 = Es demasiado grande
error-413-next = Envíe menos de una vez; el límite se indica abajo.
error-429 = Demasiadas peticiones desde su red
error-429-next = Espere un momento y vuelva a cargar la página. Quien pregunta a menudo puede guardar el registro entero y consultarlo en su equipo: vea «palinode index».
error-451 = Esto fue eliminado, por ley o a petición
error-451-next = No vuelve. El aviso que lo nombra permanece y sigue diciendo lo que decía del conjunto de datos: búsquelo con el cuadro.
error-500 = El servidor ha fallado
error-500-next = Inténtelo más tarde. Si sigue así, diga al operador de este servidor cuándo ocurrió.
error-503 = El servidor no puede responder ahora
error-503-next = Inténtelo dentro de un rato. Puede que otros servidores tengan los mismos avisos.
error-wait = { $seconds ->
    [one] Inténtelo de nuevo en un segundo.
   *[other] Inténtelo de nuevo en { $seconds } segundos.
}
error-said = Lo que dice el servidor, en inglés:
removed-on = Eliminado
removed-basis = Fundamento
removed-jurisdiction = Según el derecho de
removed-reference = Referencia
basis-legal-order = Lo ordenó un tribunal o una autoridad.
basis-personal-data = Había que quitar datos personales.
basis-rights = Vulneraba los derechos de alguien.
basis-issuer-request = Lo pidió quien lo escribió.
basis-policy = Incumplía las normas de este servidor.

## La interfaz para programas
docs-title = Interfaz para programas
docs-lead = Cada ruta de este servidor: qué recibe y qué responde. Estas páginas se hacen a partir de la descripción que leen los programas.
docs-clients = Escribir un cliente: clientes breves y completos en Python, JavaScript y shell
docs-description = La descripción para programas (OpenAPI 3.1)
docs-schema-notice = Esquema JSON de un aviso
docs-schema-publisher = Esquema JSON de un registro de editor
docs-paths = Rutas
docs-problems = Problemas
docs-problems-lead = Lo que responden las rutas cuando algo va mal. Cada ruta nombra los que puede responder.
docs-headers = Encabezados
docs-group-title = Interfaz: { $group }
docs-all = Todas las rutas
docs-token = Necesita el token del recibo que pidió la subida.
docs-parameters = Parámetros
docs-body = Cuerpo
docs-request = Petición
docs-body-file = Esto es body.json:
docs-answers = Respuestas
docs-example = Respuesta al ejemplo
docs-required = obligatorio
docs-schema-title = Campos: { $name }
docs-fields = Campos
docs-either = Uno de varios
