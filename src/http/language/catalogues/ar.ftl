### الصفحات بالعربية.
### \u2066 and \u2069 keep a date that follows Arabic words from being shown from its end (UAX 9, rule W2).

## حول كل صفحة
skip-to-content = انتقل إلى المحتوى
nav-label = صفحات هذا الخادم
nav-notices = الإشعارات
nav-statistics = الإحصاءات
nav-log = السجل
nav-peers = الخوادم النظيرة
languages = اللغات
footer-checkable = كل إجابة هنا قابلة للتحقق:
footer-checkpoint = نقطة تحقق السجل
footer-keys = مفاتيح هذا الخادم
footer-interface = واجهة للبرامج
list-separator = { "، " }
full-stop = .
comma = { "، " }
colon = { ": " }
leads-to = ←
never = أبدًا
none = لا شيء
yes = نعم
no = لا
time-unknown = وقت غير معروف

## خانة البحث
box-label = معرّف DOI أو عنوان أو مستودع أو تورنت أو بصمة ملف أو اسم مجموعة بيانات
box-button = ابحث

## الصفحة الأولى
front-title = هل سُحبت مجموعة البيانات هذه؟
front-lead = يحفظ هذا الخادم إشعارات موقّعة تفيد بأن مجموعات بيانات سُحبت أو صُحّحت أو استُبدلت أو أُزيلت، في سجل عام لا يُضاف إليه إلا الجديد. ويتبادلها مع الخوادم النظيرة ويتحقق بنفسه من كل توقيع.
front-holds = { $notices ->
    [zero] ليس فيه أي إشعار
    [one] فيه إشعار واحد
    [two] فيه إشعاران
    [few] فيه { $notices } إشعارات
    [many] فيه { $notices } إشعارًا
   *[other] فيه { $notices } إشعار
} (حجم الشجرة { $size }).
front-drop = لديك ملف؟ ابحث عنه دون إرساله
front-newest = أحدث الإشعارات
front-none = لا توجد إشعارات بعد.
policy-pinned = لا ينشر هنا إلا الناشرون الذين حدّدهم المشغّل.
policy-verified = لا ينشر هنا إلا الناشرون الذين حدّدهم المشغّل أو الذين يذكر نطاقهم مفاتيحهم.
policy-open = يمكن لأي شخص أن ينشر هنا، فانتبه إلى من يقول ماذا.

## البحث عن الملفات
drop-title = البحث عن ملف دون إرساله
drop-lead = يحسب متصفحك بصمة الملف، ويسأل عن أرقامها الأولى فقط، ثم يقارن بنفسه. لا يغادر جهازك الملف ولا اسمه ولا بصمته الكاملة.
drop-zone-title = الملفات
drop-zone = أفلت الملفات هنا، أو اختر ما لا يزيد على { $files }:
drop-leaves = لا يُرسل إلى { $origin } من كل بصمة إلا أول { $digits } أرقام (حتى 6 حيث يُعرف الكثير جدًا). واحد من كل 65,536 من ملفات العالم يبدأ هكذا.
drop-plain = لا يحسب متصفحك البصمات إلا في صفحات تصل عبر https أو من هذا الجهاز (localhost). وصلت هذه الصفحة بطريقة أخرى، فاستعمل أحد الأوامر أدناه.
drop-noscript = لا تستطيع هذه الصفحة حساب البصمة دون سكربتات. الأوامر أدناه تفعل الشيء نفسه.
drop-answers = الأجوبة
drop-commands = الشيء نفسه في الطرفية
drop-commands-one = ملف واحد، لا يعرف الخادم منه إلا الأرقام الأولى:
drop-commands-many = ملفات كثيرة أو مجلد: يجلب الأمر الأول ما يعرفه الخادم، ويبحث الثاني عن كل شيء في تلك النسخة ولا يسأل أحدًا.
drop-limits = ما لا يُعثر عليه بهذه الطريقة
drop-limit-algorithm = لا يُقارن إلا SHA-256. لا يُعثر على إشعار يسمي الملف بنوع آخر من البصمات؛ أما palinode scan فيقارن كل الأنواع.
drop-limit-sensitive = تسمي الإشعارات عن المواد الحساسة الملفات بصيغة مخفية لا يمكن السؤال عنها بأرقامها الأولى. يعثر عليها palinode scan.
drop-limit-size = الملفات التي تزيد على { $size }، لأن المتصفح يحتاج إلى الملف كله في الذاكرة. تقبل الأوامر ملفات من أي حجم.
drop-limit-many = عدة ملفات من مجموعة بيانات واحدة تكشف معًا أيّ مجموعة هي. من لديه الكثير فليستعمل الأمر الثاني.
drop-working = جارٍ البحث عن الملف { $done } من { $all } …
drop-done = عدد الملفات التي تم البحث عنها: { $done }.
drop-more = عدد الملفات التي تم البحث عنها: { $done }، دون البقية. للمزيد استعمل palinode scan.
drop-notice = اقرأ الإشعار { $notice }…
drop-dataset = كل ما يُعرف عن هذا الملف
drop-dataset-tells = (فتح هذه الصفحة يخبر { $origin } أيّ ملف تقصد)
drop-asked = سُئل { $origin } عن كل البصمات التي تبدأ بـ { $prefix }. بصمة هذا الملف هي
drop-empty = هذا الملف فارغ. لدى الجميع ملف مثله، فلا يطابقه أي إشعار أبدًا، ولم يُسأل أحد.
drop-large = يزيد هذا الملف على { $size }، وهذا كثير على ذاكرة المتصفح. لم يُسأل أحد؛ استعمل أحد الأوامر أدناه.
drop-unreadable = لم يستطع المتصفح قراءة هذا الملف. قد يكون مجلدًا أو لم يعد موجودًا أو أكبر من الذاكرة. لم يُسأل أحد؛ استعمل أحد الأوامر أدناه.
drop-unreachable = لم يعطِ الخادم جوابًا صالحًا. حاول مرة أخرى.
drop-busy = سُئل الخادم من عنوانك مرات كثيرة جدًا. انتظر نصف دقيقة ثم حاول مرة أخرى.
drop-crowded = يعرف الخادم بصمات كثيرة جدًا تبدأ هكذا ويريد أرقامًا أكثر مما يمكن ذكره دون كشف الملف. استعمل الأمر الثاني أدناه.

## قوائم الإشعارات
column-dataset = مجموعة البيانات
column-notice = الإشعار
column-reasons = الأسباب
column-by = من
column-seen = ظهر هنا في
lifted-short = (لم يعد ساريًا)
look-twice-short = (دقّق في المصدر)
search-title = الإشعارات
search-all = كل الإشعارات، الأحدث أولًا
search-words = إشعارات فيها الكلمات «{ $words }»
search-as-name = هذا ما هو معروف عن مجموعة بيانات بهذا الاسم:
search-none = لا يعرف { $origin } إشعارًا كهذا، حجم الشجرة { $size }.
search-older = إشعارات أقدم
search-issuer = إشعارات { $issuer } فقط.
filter-type = النوع
filter-reason = السبب
filter-role = الصفة
filter-any = أيّ

## صفحة المعرّف
understood-as = فُهم على أنه { $scheme }:
no-notice-known = لا يعرف { $origin } أي إشعار حتى { "\u2066" }{ $time }{ "\u2069" }، حجم الشجرة { $size }. وما ليس معروفًا هنا قد يكون معروفًا في مكان آخر، أو غدًا.
caution-incomplete = هذه الإجابة غير كاملة: تعذّر فحص شيء قد يغيّرها.
caution-list-removed = هذه الإجابة غير كاملة: أُزيلت من هنا قائمة ملفات يذكرها إشعار ولن تعود. لا يمكن القول هنا إن كان هذا الملف مذكورًا فيها.
caution-truncated = سلسلة ما أُخذ بعضه من بعض أطول مما تُتبّع هنا.
caution-conflict = إشعارات متساوية القوة يناقض بعضها بعضًا، والعبرة بأشدّها.
what-to-do = ما العمل
find-copies = للعثور على نسخك، دون أن يخرج من جهازك شيء عن ملفاتك:
delete-from-cache = لحذفها من ذاكرة التخزين المؤقت لمكتبة Hugging Face:
use-instead = استخدم بدلًا منها:
action-until = حتى { "\u2066" }{ $deadline }{ "\u2069" }: { $action }
which-parts = أي الأجزاء
part-affected = متأثر
part-unaffected = غير متأثر
who-says-so = من يقول ذلك
date-effective = بدء السريان
date-issued = الإصدار
said-by = من
domain-attested = نطاقه { $attested }.
attested = تحقّق منه { $by } في { "\u2066" }{ $on }{ "\u2069" }
look-twice = دقّق في من يقول ذلك:
remark-key-changed = بدأت مفاتيح هذا النطاق من جديد، وإشعارات المفاتيح القديمة والجديدة معروضة جنبًا إلى جنب.
remark-name-looks-like-name = الاسم يشبه اسم ناشر آخر، { $text } ({ $other }).
remark-name-looks-like-domain = الاسم يشبه النطاق { $text } لناشر آخر ({ $other }).
remark-domain-looks-like-name = النطاق يشبه اسم ناشر آخر، { $text } ({ $other }).
remark-domain-looks-like-domain = النطاق يشبه النطاق { $text } لناشر آخر ({ $other }).
remark-name-mixes-scripts = الاسم يخلط بين خطوط كتابة مختلفة في { $word }: { $scripts }.
remark-domain-mixes-scripts = النطاق يخلط بين خطوط كتابة مختلفة في { $word }: { $scripts }.
says-of-it = يقول عمّا سألت عنه: { $verdict }. وما يتطابق هو { $strength }، مع
made-from = ما سألت عنه مأخوذ من
and-more =
    { $count ->
        [zero] ولا شيء غيرها.
        [one] وواحد آخر.
        [two] واثنان آخران.
        [few] و{ $count } أخرى.
        [many] و{ $count } آخر.
       *[other] و{ $count } آخر.
    }
made-from-what = ما الذي أُخذ مما
graph-title = رسم للجمل المذكورة أدناه: من اليسار إلى اليمين، كل مجموعة بيانات مأخوذة من التي قبلها.
derived = { $child } مأخوذة من { $parent } ({ $relation }).
known-to = وفق ما يعرفه { $origin }.
known-as-of = وفق ما يعرفه { $origin } حتى { "\u2066" }{ $time }{ "\u2069" }، حجم الشجرة { $size }.
answer-for-programs = الإجابة نفسها للبرامج، مع البراهين
check-yourself = تحقّق بنفسك

## صفحة الإشعار
force-in-force = هذا الإشعار ساري المفعول.
force-lifted = لم يعد هذا الإشعار ساري المفعول.
force-scheduled = يسري ابتداءً من { "\u2066" }{ $date }{ "\u2069" }.
sensitive-note = يتعلق هذا الإشعار بمواد لا ينبغي لأحد أن يبحث عنها. وهو لا يسمّي الملفات إلا بصيغة محجوبة: من لديه ملف يمكنه مطابقته، ولا يمكن لأحد أن يسردها.
why = لماذا
what-is-wrong = ما الخطأ
appeal-at = يُقدَّم الاعتراض إلى
what-the-issuer-wrote = ما كتبه المُصدِر
read-more = للمزيد
what-it-is-about = ما الذي يتناوله
dataset-of = مجموعة بيانات صادرة عن
also-called = تُسمّى أيضًا
version = الإصدار
how-much = ما المقصود منها
list-affected =
    { $count ->
        [zero] قائمة خالية من الملفات المتأثرة، في صورة بصمات { $algorithm }:
        [one] قائمة فيها ملف متأثر واحد، في صورة بصمة { $algorithm }:
        [two] قائمة فيها ملفان متأثران، في صورة بصمات { $algorithm }:
        [few] قائمة فيها { $count } ملفات متأثرة، في صورة بصمات { $algorithm }:
        [many] قائمة فيها { $count } ملفًا متأثرًا، في صورة بصمات { $algorithm }:
       *[other] قائمة فيها { $count } ملف متأثر، في صورة بصمات { $algorithm }:
    }
list-unaffected =
    { $count ->
        [zero] قائمة خالية من الملفات غير المتأثرة، في صورة بصمات { $algorithm }:
        [one] قائمة فيها ملف واحد غير متأثر، في صورة بصمة { $algorithm }:
        [two] قائمة فيها ملفان غير متأثرين، في صورة بصمات { $algorithm }:
        [few] قائمة فيها { $count } ملفات غير متأثرة، في صورة بصمات { $algorithm }:
        [many] قائمة فيها { $count } ملفًا غير متأثر، في صورة بصمات { $algorithm }:
       *[other] قائمة فيها { $count } ملف غير متأثر، في صورة بصمات { $algorithm }:
    }
made-of-it = ما أُخذ منها
other-notices = إشعارات أخرى بشأن هذا الإشعار
relation-to-disputed = اعترض عليه
relation-to-disputed-without-weight = اعترض عليه، دون أثر هنا،
relation-to-lifted-replaces = حلّ محله
relation-to-lifted-revokes = ألغاه
relation-to-lifted-reinstates = رُفع بإعادة إتاحة:
relation-to-amended = استكمله
void-foreign-issuer = حاول طرف آخر رفعه، دون أثر:
void-no-power-to-lift = حاول رفعه مفتاح لا يملك هذه الصلاحية:
prior-amends = يستكمل
prior-replaces = يحل محل
prior-revokes = يلغي
prior-reinstates = يعيد إتاحة ما سحبه:
prior-disputes = يعترض على
three-times = ثلاثة أوقات، كلٌّ على حدة
time-issued = الإصدار، بحسب قول المُصدِر
time-effective = بدء السريان، بحسب قول المُصدِر
time-seen = أول مرة رآه هذا الخادم
time-logged = في السجل
log-entry = المدخل { $index }، بصمة الورقة
check-notice-lead = الإشعار موقّع من مُصدِره، والسجل يبرهن على أنه يحتويه. ويمكن التحقق من الأمرين دون الثقة بهذا الخادم.
notice-id = الإشعار
signed-with = موقّع بالمفتاح
all-fields = كل الحقول
signed-envelope = المغلّف الموقّع
proof-of-inclusion = برهان الإدراج
texts-none = الإشعار خالٍ من أي نص.
texts-available = { "" }
texts-awaited = لم يصل النص بعد.
texts-removed = أُزيل النص بحكم القانون أو بناءً على طلب. أما الإشعار فباقٍ.
missing-notice = لا يوجد إشعار كهذا
missing-notice-sentence = لا يعرف { $origin } إشعارًا بهذا المعرّف. وقد يكون معروفًا في مكان آخر: اسأل عن مجموعة البيانات نفسها.
missing-publisher = لا يوجد ناشر كهذا
missing-publisher-sentence = لم يُصدر أحد بهذا الاسم شيئًا يعرفه { $origin }.

## صفحة الناشر
standing-pinned = معروف لدى مشغّل هذا الخادم.
standing-verified = نطاقه يشهد له.
standing-self-asserted = لا أحد هنا يضمن هويته.
issuer-blocked = لا يقبل مشغّل هذا الخادم أي جديد من هذا المُصدِر.
issuer-waiting =
    { $count ->
        [zero] لا توجد بطاقات تنتظر التحقق من نطاقها.
        [one] بطاقة واحدة تنتظر التحقق من نطاقها.
        [two] بطاقتان تنتظران التحقق من نطاقهما.
        [few] { $count } بطاقات تنتظر التحقق من نطاقها.
        [many] { $count } بطاقة تنتظر التحقق من نطاقها.
       *[other] { $count } بطاقة تنتظر التحقق من نطاقها.
    }
issuer-without-record = لم ينشر أي بطاقة عن نفسه.
lineage = سلسلة المفاتيح
lineage-number = سلسلة المفاتيح { $number }
lineage-forked = بطاقتان تدّعيان الموضع نفسه. وإلى أن يحسم المشغّل ذلك، يجوز لإشعارات الطرفين أن تحذّر، ولا يجوز لأي منها أن ترفع تحذيرًا.
homepage = الصفحة
contact = للتواصل
speaks-for = يتحدث هنا باسم
keys = المفاتيح
column-key = المفتاح
column-status = الحالة
column-since = منذ، بحسب قوله
column-may-lift = يجوز له رفع الإشعارات
key-active = مستخدم
key-retired = خارج الخدمة
key-compromised = مخترَق
records = البطاقات
record-behind-fork = (بعد التفرّع)
its-notices = إشعاراته

## صفحة السجل
log-title = السجل
log-lead = كل إشعار يقبله هذا الخادم يُضاف إلى سجل واحد. ولا يُغيَّر فيه شيء ولا يُحذف منه شيء أبدًا، ومن لديه نقطة تحقق يستطيع البرهنة على ذلك.
log-origin = الاسم
log-size = المدخلات
log-root = البصمة الجذرية
log-time = آخر إقرار
log-key = المفتاح
log-growth = كيف نما
log-growth-lead = بعض نقاط التحقق التي وقّعها هذا الخادم، من أولها إلى أحدثها، وبين كل اثنتين منها عدد متقارب من المدخلات.
log-growth-drawing = رسم للجدول المجاور: خط يصعد من اليسار إلى اليمين مع الزمن كلما أُضيفت مدخلات.
log-cosigned = من رأى هذه الشجرة
log-cosigned-lead = يوقّع الشهود على أن هذه الشجرة تبدأ بكل شجرة رأوها من قبل. ولو عرض خادمٌ سجلّين مختلفين لكشفوه.
column-witness = الشاهد
column-time = الوقت
own-witness = (هذا الخادم)
all-entries = كل المدخلات

## صفحة الخوادم النظيرة
peers-title = الخوادم النظيرة لهذا الخادم
peers-lead = يقرأ هذا الخادم السجلات العامة للخوادم النظيرة، ويتحقق بنفسه من كل توقيع، ويشارك في توقيع ما توقّعه. ولا يصدّق شيئًا تكتفي بقوله. والنظير الذي وقّع تاريخين مختلفين لسجله يُعزل إلى الأبد؛ أما ما جاء منه قبل ذلك فيبقى، لأن الإشعارات تقوم بتوقيعاتها هي.
peers-none = لا نظراء له بعد.
peers-for-programs = الشيء نفسه للبرامج، مع العناوين والمفاتيح
column-peer = النظير
column-state = الحالة
column-size = حجم سجله
column-behind = لم يُقرأ بعد
column-contact = آخر اتصال
column-evidence = أدلة ضده
peer-well = سليم
peer-not-reached = لم يُتصل به بعد
peer-not-well = ليس على ما يرام منذ { $since }: { $error }
peer-paused-wanted = متوقف مؤقتًا: تعذّر الحصول على عدد كبير من مدخلاته
peer-paused-day = متوقف حتى الغد: جلب كل ما يُسمح له بجلبه في يوم
peer-isolated = معزول: وقّع تاريخين مختلفين
peer-isolated-since = معزول منذ { $since }: وقّع تاريخين مختلفين
peer-ended = انتهى سجله؛ ويواصله { $origin } منذ { $since }
peer-claim-refused = في { $at } ادّعى { $claimant } أنه يواصله ولم يُصدَّق.

## الأحكام
verdict-retracted = مسحوبة
verdict-part-retracted = مسحوبة جزئيًا
verdict-derived-from-retracted = مأخوذة من بيانات مسحوبة
verdict-disputed = متنازع عليها
verdict-removed-unexplained = أُزيلت دون سبب
verdict-concern = عليها تحفّظ
verdict-reported = مُبلَّغ عنها
verdict-corrected = مصحّحة
verdict-scheduled = معلَن عنه
verdict-superseded = لها بديل أحدث
verdict-removed-no-fault = أُزيلت بلا عيب
verdict-reinstated = أُعيدت إتاحتها
verdict-not-affected = غير متأثرة
verdict-possible = ربما هي المقصودة
verdict-no-notice = لا إشعار معروف
verdict-unidentified = غير مفهوم
verdict-unchecked = لم يُتحقق منه
sentence-retracted = سحب مجموعةَ البيانات هذه من يتحدث باسمها؛ لا تستخدمها.
sentence-part-retracted = سُحب الجزء الذي سألت عنه من مجموعة البيانات هذه؛ لا تستخدمه.
sentence-part-retracted-cannot-tell = سُحب جزء من مجموعة البيانات هذه، ولا يتيح الإشعار معرفة ما إذا كانت نسختك هي المقصودة.
sentence-derived-from-retracted = هذه مأخوذة من مجموعة بيانات مسحوبة، فيسري عليها السحب.
sentence-disputed = هناك إشعار ضد مجموعة البيانات هذه، ويعترض عليه من يحق له الرد.
sentence-removed-unexplained = أُزيلت مجموعة البيانات هذه، ولم يقل أحد لماذا.
sentence-concern = أبدى من يتحدث باسم مجموعة البيانات هذه تحفّظًا عليها؛ اقرأه قبل الاستخدام.
sentence-reported = يُبلّغ من لا يملك مجموعة البيانات هذه بأنه لا ينبغي استخدامها على حالها.
sentence-corrected = كانت مجموعة البيانات هذه خاطئة وصُحّحت؛ احصل على النسخة المصحّحة.
sentence-scheduled = أُعلن عن تغيير في مجموعة البيانات هذه يسري لاحقًا.
sentence-superseded = حلّت مجموعة بيانات أحدث محل هذه.
sentence-removed-no-fault = لم تعد مجموعة البيانات هذه متاحة، ولا يقول أحد إن في البيانات عيبًا.
sentence-reinstated = كانت مجموعة البيانات هذه مسحوبة، ويجوز استخدامها من جديد.
sentence-not-affected = يقول إشعار بشأن مجموعة البيانات هذه إن ملفاتك ليست هي المقصودة.
sentence-possible = قد يتناول إشعارٌ مجموعةَ البيانات هذه: لا يتطابق إلا اسم أو صفحة.
sentence-no-notice = لا يُعرف أي إشعار.
sentence-unidentified = لم يكن هناك معرّف للبحث عنه.
sentence-unchecked = تعذّر التحقق كاملًا، فلا يمكن قول شيء.

## أنواع الإشعارات والصفات والصلاحية
type-retraction = سحب
type-partial-retraction = سحب جزئي
type-removal = إزالة
type-expression-of-concern = إبداء تحفّظ
type-correction = تصحيح
type-supersession = استبدال
type-deprecation = إعلان إيقاف
type-access-change = تغيير طريقة الإتاحة
type-reinstatement = إعادة إتاحة
type-revocation = إلغاء إشعار
type-response = رد
role-publisher = بصفته ناشرًا
role-host = بصفته مستضيفًا
role-funder-or-board = بصفته مموّلًا أو لجنة
role-rights-holder = بصفته صاحب حقوق
role-data-subject = بصفته شخصًا وارِدًا في البيانات
role-observer = بصفته مراقبًا
authority-owner = وهو يتحدث باسم مجموعة البيانات هذه
authority-host = وهو يستضيفها
authority-by-association = وهو ناشر معروف هنا يملك مجموعة بيانات يذكرها الإشعار إلى جانب هذه
authority-other = وهو لا يملك مجموعة البيانات هذه على حد علم هذا الخادم

## ما يتطابق
strength-exact-bytes = البايتات نفسها
strength-tree = المجلد نفسه
strength-weak-bytes = البايتات، وفق بصمة ضعيفة
strength-versioned-id = المعرّف والإصدار
strength-id = المعرّف
strength-url = العنوان
strength-alias = الاسم

## المعرّفات
scheme-doi = معرّف DOI
scheme-url = عنوان
scheme-hf = مستودع على Hugging Face
scheme-kaggle = مجموعة بيانات على Kaggle
scheme-git = مستودع Git
scheme-swh = معرّف Software Heritage
scheme-btih = تورنت
scheme-gdrive = مشاركة على Google Drive
scheme-arxiv = ورقة على arXiv
scheme-md5 = بصمة MD5
scheme-sha1 = بصمة SHA-1
scheme-sha256 = بصمة SHA-256
scheme-sha512 = بصمة SHA-512
scheme-blake3 = بصمة BLAKE3
scheme-name = اسم
scheme-ark = معرّف ARK
scheme-hdl = معرّف Handle
scheme-openml = مجموعة بيانات على OpenML
scheme-btmh = تورنت (الإصدار 2)
scheme-archive = مادة في أرشيف الإنترنت
scheme-baidu = مشاركة على Baidu
scheme-dirhash1 = بصمة مجلد
scheme-dvcdir = بصمة مجلد DVC
scheme-purl = عنوان حزمة (package URL)
scheme-blind = بصمة محجوبة
subject-whole = مجموعة البيانات كاملة
subject-version = أحد الإصدارات
subject-file = ملف
subject-mirror = نسخة في مكان آخر
subject-landing-page = صفحتها
subject-described-by = الورقة التي تصفها
scope-whole = كلها
scope-versions = إصدارات معينة
scope-parts = أجزاء معينة
scope-files = ملفات معينة
scope-records = قيود معينة
scope-subjects-listed = الإصدارات والملفات والنسخ المذكورة أدناه تحديدًا
relation-subset = جزء منها
relation-superset = تحتويها
relation-cleaned = منقّحة
relation-re-encoded = محفوظة بصيغة أخرى
relation-merged-into = مدمجة فيها
relation-annotations-of = تعليقات توضيحية عليها
relation-trained-on = دُرّب عليها
relation-other = بطريقة أخرى
inherits-yes = ويسري الإشعار عليها أيضًا.
inherits-no = ولا يسري الإشعار عليها.
inherits-unknown = ولا يُعرف هل يسري الإشعار عليها أيضًا.
reference-evidence = دليل
reference-report = تقرير
reference-article = مقالة
reference-discussion = نقاش
reference-order = أمر
reference-tombstone = صفحة الإزالة
reference-policy = سياسة

## الأسباب ومعانيها وما العمل
reason-privacy = الخصوصية
reason-consent = الموافقة
reason-re-identification = كشف الهوية
reason-ethics-approval = الموافقة الأخلاقية
reason-offensive-content = محتوى مسيء
reason-illegal-content = محتوى محظور
reason-copyright = حقوق المؤلف
reason-licence-terms = شروط الترخيص
reason-legal-order = أمر قانوني
reason-data-error = خطأ في البيانات
reason-fabrication = تزوير
reason-unverifiable = غير قابلة للإثبات
reason-contamination = بيانات دخيلة
reason-bias = تحيّز
reason-misuse-risk = خطر إساءة الاستخدام
reason-security = الأمان
reason-opt-out = طلب استبعاد
reason-authorship = نسبة العمل
reason-article-retracted = سحب المقالة
reason-superseded = وجود بديل أحدث
reason-provider-decision = قرار الجهة المقدّمة
reason-moved = نُقلت
reason-source-unavailable = اختفاء المصدر
reason-not-maintained = بلا صيانة
reason-policy = سياسة
reason-published-in-error = نُشرت خطأً
reason-not-stated = لم يُذكر
meaning-privacy = فيها بيانات شخصية لا ينبغي أن تكون فيها.
meaning-consent = أشخاص واردون فيها لم يوافقوا، أو سحبوا موافقتهم.
meaning-re-identification = يمكن معرفة الأشخاص الواردين فيها رغم حذف أسمائهم.
meaning-ethics-approval = جُمعت دون الموافقة اللازمة، أو بما يتجاوزها.
meaning-offensive-content = فيها محتوى يسيء إلى أشخاص أو يحطّ من كرامتهم.
meaning-illegal-content = فيها محتوى لا يجوز لأحد حيازته أو تداوله.
meaning-copyright = فيها أعمال دون إذن أصحابها.
meaning-licence-terms = نُشرت خلافًا لشروط مصدر أو ترخيص.
meaning-legal-order = أمرت بذلك محكمة أو سلطة.
meaning-data-error = البيانات خاطئة.
meaning-fabrication = البيانات مختلَقة أو مزوّرة.
meaning-unverifiable = لم يستطع أحد إثبات أن البيانات هي ما يُقال إنها هي.
meaning-contamination = فيها بيانات لا ينبغي أن تكون فيها، كالمكرّرات أو بيانات الاختبار.
meaning-bias = تصوّر أشخاصًا أو أشياء على غير حقيقتها تصويرًا يُلحق ضررًا.
meaning-misuse-risk = تُستخدم، أو قد تُستخدم، لإلحاق الضرر.
meaning-security = فيها شيء يضرّ من يفتحها.
meaning-opt-out = طلب أشخاص أو مالكون استبعادهم منها.
meaning-authorship = هناك خلاف على من أعدّها، أو أنها أُخذت من آخرين.
meaning-article-retracted = سُحبت المقالة التي تتبعها.
meaning-superseded = حلّت محلها مجموعة أحدث.
meaning-provider-decision = قررت الجهة التي تقدّمها أن تتوقف.
meaning-moved = تُقدَّم الآن في مكان آخر.
meaning-source-unavailable = لم يعد ما أُخذت منه موجودًا.
meaning-not-maintained = لم يعد أحد يعتني بها.
meaning-policy = أنهتها قواعد الجهة التي تقدّمها، أو السياسة.
meaning-published-in-error = لم يكن يُقصد نشرها قط.
meaning-not-stated = لم يقل أحد لماذا.
fault-data = البيانات
fault-rights = الحقوق فيها
fault-people-harm = تضرّ أشخاصًا
fault-none = لا شيء
fault-unknown = غير معروف
action-none = لا يلزم فعل شيء.
action-inform = أخبر من أعطيتها لهم.
action-stop-use = توقّف عن استخدامها.
action-delete = احذف نسخك منها.
action-do-not-redistribute = لا تنقلها إلى غيرك.
action-update-to = انتقل إلى البديل.
action-re-download = نزّلها من جديد.
action-cite-with-notice = إذا استشهدت بها فاستشهد بهذا الإشعار أيضًا.
publication-allow = يجوز نشر الأبحاث التي تستخدمها.
publication-allow-with-statement = يجوز نشر الأبحاث التي تستخدمها مع بيان بشأن هذا الإشعار.
publication-refuse-new-use = لا ينبغي لأبحاث جديدة أن تستخدمها.

## الاشتراك والشارات
feed-title = إشعارات يعرفها { $origin }
feed-title-of = إشعارات عن { $id } يعرفها { $origin }
subscribe-atom = اشترك (Atom)
subscribe-json = اشترك (JSON Feed)
embed-title = على صفحتك
embed-lead = شارة لملف README تتغيّر كلما تغيّر الحكم:

## الإحصاءات
statistics-title = الإحصاءات
statistics-counted = المحسوب هنا هو الإشعارات الواردة في سجل { $origin }، حجم الشجرة { $size }.
statistics-lead = يُحسب كل إشعار مرة واحدة، في الشهر الذي رآه فيه هذا الخادم أول مرة. ولا يُحذف من السجل شيء، فالإشعار الذي أُلغي لاحقًا يبقى محسوبًا؛ أما الإشعارات التي تتناول إشعارات أخرى، ومنها الإلغاءات، فتُعرض على حدة. وقد تكون لدى خوادم أخرى إشعارات غيرها.
statistics-all = { $notices ->
    [zero] لا إشعارات.
    [one] إشعار واحد إجمالًا.
    [two] إشعاران إجمالًا.
    [few] { $notices } إشعارات إجمالًا.
    [many] { $notices } إشعارًا إجمالًا.
   *[other] { $notices } إشعار إجمالًا.
}
statistics-months = بحسب الشهر
statistics-months-lead = الشهر (بالتوقيت العالمي) الذي رأى فيه هذا الخادم الإشعار أول مرة.
statistics-months-drawing = رسم للجدول المجاور: عمود لكل شهر، من اليسار إلى اليمين. الأعمدة الممتلئة إشعارات عن مجموعات بيانات، والمفرغة إشعارات عن إشعارات أخرى.
statistics-earlier = { $notices ->
    [zero] لا إشعارات قبل هذه الأشهر.
    [one] وإشعار واحد قبل هذه الأشهر.
    [two] وإشعاران قبل هذه الأشهر.
    [few] و{ $notices } إشعارات قبل هذه الأشهر.
    [many] و{ $notices } إشعارًا قبل هذه الأشهر.
   *[other] و{ $notices } إشعار قبل هذه الأشهر.
}
statistics-verdicts = بحسب الحكم
statistics-verdicts-lead = مجموعات بيانات لا إشعارات: يُسأل عما يسميه كل إشعار بوصفه مجموعة البيانات نفسها، وإن تعددت المعرّفات فعن أولها، كما يستطيع أي أحد أن يسأل، ويُحسب مرة واحدة تحت حكمه اليوم. والمجموعة التي تسميها الإشعارات تسميات مختلفة تُحسب أكثر من مرة؛ والتي أُلغيت إشعاراتها كلها تُحسب بلا إشعار معروف.
statistics-verdicts-as-of = صدرت الأحكام في { "\u2066" }{ $time }{ "\u2069" } عند حجم الشجرة { $size }.
statistics-verdicts-all = { $datasets ->
    [zero] لا مجموعات بيانات.
    [one] مجموعة بيانات واحدة إجمالًا.
    [two] مجموعتا بيانات إجمالًا.
    [few] { $datasets } مجموعات بيانات إجمالًا.
    [many] { $datasets } مجموعة بيانات إجمالًا.
   *[other] { $datasets } مجموعة بيانات إجمالًا.
}
statistics-verdicts-later = يجري العد الآن. انظر ثانية بعد دقيقة.
column-verdict = الحكم
column-datasets = مجموعات البيانات
statistics-kinds = بحسب النوع
statistics-about-notices = إشعارات عن إشعارات أخرى
statistics-about-notices-lead = تغيّر ما يقوله إشعار سابق، أو ترد عليه.
statistics-reasons = بحسب السبب
statistics-reasons-lead = قد يذكر الإشعار أسبابًا عدة، أو لا يذكر أيًّا منها.
statistics-for-programs = الشيء نفسه للبرامج
column-month = الشهر
column-notices = عدد الإشعارات
column-about-datasets = عن مجموعات بيانات
column-about-notices = عن إشعارات أخرى

## حين يتعذر العرض
error-400 = تعذّرت قراءة هذا الطلب
error-400-next = في العنوان شيء غير صحيح. ابحث عن الجزء المذكور أدناه، أو ابدأ من جديد بخانة البحث.
error-404 = لا يوجد شيء هنا
error-404-next = تحقّق من العنوان، أو ابحث عن مجموعة البيانات بخانة البحث.
error-405 = لا يقبل هذا العنوان طلبًا كهذا
error-405-next = هو مخصص للبرامج التي ترسل إليه شيئًا. ووصف واجهة البرامج في أسفل الصفحة.
error-406 = غير متاح بهذه الصيغة
error-406-next = اطلبه بصيغة أخرى، أو ابدأ من جديد بخانة البحث.
error-413 = الحجم كبير جدًا
error-413-next = أرسل أقل من ذلك دفعة واحدة؛ والحد مذكور أدناه.
error-429 = طلبات كثيرة جدًا من شبكتك
error-429-next = انتظر لحظة ثم أعد تحميل الصفحة. ومن يسأل كثيرًا يمكنه الاحتفاظ بالسجل كله والبحث فيه على جهازه: انظر «palinode index».
error-451 = أُزيل هذا بحكم القانون أو بناءً على طلب
error-451-next = ولن يعود. أما الإشعار الذي يذكره فباقٍ، وما زال يقول ما قاله عن مجموعة البيانات: ابحث عنه بخانة البحث.
error-500 = أخفق الخادم
error-500-next = حاول لاحقًا. وإن استمر ذلك فأخبر مشغّل هذا الخادم بوقت حدوثه.
error-503 = لا يستطيع الخادم أن يجيب الآن
error-503-next = حاول بعد قليل. وقد تكون الإشعارات نفسها لدى خوادم أخرى.
error-wait = { $seconds ->
    [zero] حاول الآن.
    [one] حاول بعد ثانية واحدة.
    [two] حاول بعد ثانيتين.
    [few] حاول بعد { $seconds } ثوانٍ.
    [many] حاول بعد { $seconds } ثانية.
   *[other] حاول بعد { $seconds } ثانية.
}
error-said = ما يقوله الخادم عن ذلك، بالإنجليزية:
removed-on = تاريخ الإزالة
removed-basis = الأساس
removed-jurisdiction = بموجب قانون
removed-reference = رقم المرجع
basis-legal-order = أمرت بذلك محكمة أو سلطة.
basis-personal-data = وجبت إزالة بيانات شخصية.
basis-rights = كان فيه انتهاك لحقوق أحد.
basis-issuer-request = طلب ذلك من كتبه.
basis-policy = خالف قواعد هذا الخادم.

## الواجهة الموجهة إلى البرامج
docs-title = واجهة للبرامج
docs-lead = كل مسار في هذا الخادم: ما يأخذه وما يجيب به. هذه الصفحات مصنوعة من الوصف الذي تقرؤه البرامج.
docs-clients = اكتب برنامج عميل: برامج قصيرة كاملة بلغات Python وJavaScript وshell
docs-description = الوصف الموجه إلى البرامج (OpenAPI 3.1)
docs-schema-notice = مخطط JSON لإشعار
docs-schema-publisher = مخطط JSON لسجل ناشر
docs-paths = المسارات
docs-problems = المشكلات
docs-problems-lead = ما تجيب به المسارات عند وجود خطأ. يذكر كل مسار ما يمكن أن يجيب به منها.
docs-headers = الترويسات
docs-group-title = الواجهة: { $group }
docs-all = كل المسارات
docs-token = يحتاج إلى رمز الإيصال الذي طلب الرفع.
docs-parameters = المعاملات
docs-body = المتن
docs-request = الطلب
docs-body-file = هذا هو body.json:
docs-answers = الإجابات
docs-example = الإجابة عن المثال
docs-required = مطلوب
docs-schema-title = الحقول: { $name }
docs-fields = الحقول
docs-either = واحد من عدة
