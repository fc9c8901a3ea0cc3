### 简体中文页面。

## 每个页面的外框
skip-to-content = 跳到正文
nav-label = 本服务器的页面
nav-notices = 通告
nav-statistics = 统计
nav-log = 日志
nav-peers = 对等服务器
languages = 语言
footer-checkable = 这里的每个回答都可以核查：
footer-checkpoint = 日志的检查点
footer-keys = 本服务器的密钥
footer-interface = 供程序使用的接口
list-separator = 、
full-stop = 。
comma = ，
colon = ：
leads-to = →
never = 从未
none = 无
yes = 是
no = 否
time-unknown = 未知时间

## 查询框
box-label = DOI、网址、仓库、种子、文件摘要，或数据集名称
box-button = 查询

## 首页
front-title = 这个数据集被撤回了吗？
front-lead = 本服务器保存经过签名的通告，说明哪些数据集已被撤回、更正、替换或移除。通告写在一份只增不减的公开日志里。本服务器与对等服务器交换通告，并自行核查每个签名。
front-holds = { $notices ->
   *[other] 这里有 { $notices } 条通告
}（树大小 { $size }）。
front-drop = 您手上有文件？无需发送即可查询
front-newest = 最新通告
front-none = 目前还没有。
policy-pinned = 只有运营者指定的发布者可以在此发布。
policy-verified = 只有运营者指定的发布者，或其域名列出了自己密钥的发布者，可以在此发布。
policy-open = 任何人都可以在此发布，请留意是谁说了什么。

## 查询文件
drop-title = 无需发送即可查询文件
drop-lead = 您的浏览器计算文件的摘要，只询问摘要的前几位数字，并自行比较。文件、文件名和完整的摘要都不会离开您的设备。
drop-zone-title = 文件
drop-zone = 把文件拖放到这里，或选择最多 { $files } 个：
drop-leaves = 只有每个摘要的前 { $digits } 位数字会发送给 { $origin }（已知摘要非常多时最多 6 位）。世界上每 65,536 个文件中就有一个以此开头。
drop-plain = 只有通过 https 或来自本机（localhost）的页面，浏览器才会计算摘要。本页面以其他方式到达，请使用下面的命令之一。
drop-noscript = 没有脚本，本页面无法计算摘要。下面的命令可以做同样的事。
drop-answers = 回答
drop-commands = 在终端中做同样的事
drop-commands-one = 一个文件，服务器只得知前几位数字：
drop-commands-many = 许多文件或一个文件夹：第一条命令取回服务器所知道的内容，第二条在这份副本中查询一切，不询问任何人。
drop-limits = 这样查不到什么
drop-limit-algorithm = 只比较 SHA-256。以其他种类的摘要指称该文件的通告查不到；palinode scan 会比较所有种类。
drop-limit-sensitive = 关于敏感材料的通告以隐藏的形式指称文件，不能按前几位数字询问。palinode scan 能找到它们。
drop-limit-size = 超过 { $size } 的文件，因为浏览器需要把整个文件放入内存。这些命令可处理任何大小的文件。
drop-limit-many = 同一数据集的多个文件合在一起会透露是哪个数据集。文件多的人应使用第二条命令。
drop-working = 正在查询第 { $done } 个文件，共 { $all } 个……
drop-done = 已查询 { $done } 个文件。
drop-more = 已查询前 { $done } 个文件。更多文件请使用 palinode scan。
drop-notice = 阅读通告 { $notice }…
drop-dataset = 关于此文件的全部已知信息
drop-dataset-tells = （打开此页面会让 { $origin } 知道您指的是哪个文件）
drop-asked = 已向 { $origin } 询问所有以 { $prefix } 开头的摘要。此文件的摘要是
drop-empty = 此文件是空的。人人都有这样的文件，因此任何通告都不会与它匹配，也没有询问任何人。
drop-large = 此文件超过 { $size }，对浏览器的内存来说太大。没有询问任何人；请使用下面的命令之一。
drop-unreadable = 浏览器无法读取此文件。它可能是文件夹、已不存在，或对内存来说太大。没有询问任何人；请使用下面的命令之一。
drop-unreachable = 服务器没有给出可用的回答。请再试一次。
drop-busy = 来自您地址的询问太多。请等半分钟再试。
drop-crowded = 服务器知道太多以此开头的摘要，所要的数字多到会透露文件。请使用下面的第二条命令。

## 通告列表
column-dataset = 数据集
column-notice = 通告
column-reasons = 原因
column-by = 签发者
column-seen = 在此首次出现
lifted-short = （已不再有效）
look-twice-short = （请仔细辨认）
search-title = 通告
search-all = 全部通告，最新的在前
search-words = 含有“{ $words }”的通告
search-as-name = 关于叫这个名字的数据集，已知情况如下：
search-none = { $origin } 不知道这样的通告，树大小 { $size }。
search-older = 更早的通告
search-issuer = 只显示 { $issuer } 的通告。
filter-type = 类型
filter-reason = 原因
filter-role = 身份
filter-any = 不限

## 标识符页面
understood-as = 理解为{ $scheme }：
no-notice-known = 截至 { $time }，树大小 { $size }，{ $origin } 不知道任何通告。这里不知道的，别处也许知道，明天也许会知道。
caution-incomplete = 这个回答不完整：有可能改变结论的内容未能查看。
caution-list-removed = 这个回答不完整：某个通知所列的文件清单已在此处移除，不会恢复。这里无法说明该文件是否在清单中。
caution-truncated = 数据集之间的来源关系比这里追查到的更长。
caution-conflict = 效力相同的通告互相矛盾；以较严重的为准。
what-to-do = 该怎么做
find-copies = 查找您的副本；有关您文件的任何信息都不会离开您的电脑：
delete-from-cache = 从 Hugging Face 库的缓存中删除：
use-instead = 请改用：
action-until = { $deadline } 前：{ $action }
which-parts = 哪些部分
part-affected = 受影响
part-unaffected = 不受影响
who-says-so = 谁这样说
date-effective = 生效
date-issued = 签发
said-by = 签发者：
domain-attested = 其域名{ $attested }。
attested = 由 { $by } 于 { $on } 核实
look-twice = 请仔细辨认是谁说的：
remark-key-changed = 这个域名的密钥重新开始过，旧密钥和新密钥的通告并列存在。
remark-name-looks-like-name = 这个名称与另一发布者的名称 { $text }（{ $other }）相似。
remark-name-looks-like-domain = 这个名称与另一发布者（{ $other }）的域名 { $text } 相似。
remark-domain-looks-like-name = 这个域名与另一发布者的名称 { $text }（{ $other }）相似。
remark-domain-looks-like-domain = 这个域名与另一发布者（{ $other }）的域名 { $text } 相似。
remark-name-mixes-scripts = 这个名称在 { $word } 中混用了不同文字：{ $scripts }。
remark-domain-mixes-scripts = 这个域名在 { $word } 中混用了不同文字：{ $scripts }。
says-of-it = 对您所查内容的说法：{ $verdict }。相符之处：{ $strength }，具体为
made-from = 您所查的内容来自
and-more =
    { $count ->
       *[other] 还有 { $count } 条。
    }
made-from-what = 来源关系
graph-title = 下列各句的示意图：从左到右，每个数据集都来自它前面的那个。
derived = { $child } 来自 { $parent }（{ $relation }）。
known-to = 依据 { $origin } 所知。
known-as-of = 依据 { $origin } 截至 { $time } 所知，树大小 { $size }。
answer-for-programs = 供程序使用的同一回答，附证明
check-yourself = 自己核查

## 通告页面
force-in-force = 这条通告有效。
force-lifted = 这条通告已不再有效。
force-scheduled = 于 { $date } 生效。
sensitive-note = 这条通告涉及任何人都不应寻找的材料。它只以遮蔽的形式指明文件：持有文件的人可以比对，但谁也无法列出它们。
why = 为什么
what-is-wrong = 问题在哪里
appeal-at = 申诉地址
what-the-issuer-wrote = 签发者的说明
read-more = 延伸阅读
what-it-is-about = 涉及什么
dataset-of = 数据集所属
also-called = 又名
version = 版本
how-much = 涉及多少
list-affected =
    { $count ->
       *[other] 受影响的 { $count } 个文件的清单，以 { $algorithm } 摘要表示：
    }
list-unaffected =
    { $count ->
       *[other] 不受影响的 { $count } 个文件的清单，以 { $algorithm } 摘要表示：
    }
made-of-it = 由它产生的内容
other-notices = 与此有关的其他通告
relation-to-disputed = 提出异议者：
relation-to-disputed-without-weight = 提出异议者（在此不生效）：
relation-to-lifted-replaces = 被替换为
relation-to-lifted-revokes = 被撤销，依据
relation-to-lifted-reinstates = 因恢复使用而解除：
relation-to-amended = 补充通告：
void-foreign-issuer = 他人曾试图解除它，无效：
void-no-power-to-lift = 无权解除的密钥曾试图解除它：
prior-amends = 它补充
prior-replaces = 它替换
prior-revokes = 它撤销
prior-reinstates = 它恢复了由此撤回的内容：
prior-disputes = 它对此提出异议：
three-times = 三个时间，分别列出
time-issued = 签发时间（签发者自称）
time-effective = 生效时间（签发者自称）
time-seen = 本服务器首次看到的时间
time-logged = 在日志中
log-entry = 条目 { $index }，叶子哈希
check-notice-lead = 通告由签发者签名，日志证明它确实收录了这条通告。两者都可以核查，而不必信任本服务器。
notice-id = 通告
signed-with = 签名密钥
all-fields = 全部字段
signed-envelope = 签名信封
proof-of-inclusion = 收录证明
texts-none = 这条通告没有附带文字。
texts-available = { "" }
texts-awaited = 文字尚未收到。
texts-removed = 文字已依法或应要求移除。通告仍然有效存在。
missing-notice = 没有这条通告
missing-notice-sentence = { $origin } 不知道这个编号的通告。别处也许知道：请直接查询数据集本身。
missing-publisher = 没有这个发布者
missing-publisher-sentence = 据 { $origin } 所知，没有这个名字的人签发过任何内容。

## 发布者页面
standing-pinned = 本服务器的运营者认识它。
standing-verified = 它的域名为它作证。
standing-self-asserted = 这里没有人为其身份担保。
issuer-blocked = 本服务器的运营者不再接受这个签发者的新内容。
issuer-waiting =
    { $count ->
       *[other] 有 { $count } 份记录在等待域名核实。
    }
issuer-without-record = 它没有发布过关于自己的记录。
lineage = 密钥系列
lineage-number = 密钥系列 { $number }
lineage-forked = 有两份记录占用同一位置。在运营者裁定之前，双方的通告都可以发出警告，但都不能解除警告。
homepage = 主页
contact = 联系方式
speaks-for = 在此代表
keys = 密钥
column-key = 密钥
column-status = 状态
column-since = 起始时间（自称）
column-may-lift = 可否解除通告
key-active = 使用中
key-retired = 已停用
key-compromised = 已泄露
records = 记录
record-behind-fork = （在分叉之后）
its-notices = 它的通告

## 日志页面
log-title = 日志
log-lead = 本服务器接受的每条通告都追加到同一份日志中。日志中的内容从不更改，也从不取出；持有检查点的人可以证明这一点。
log-origin = 名称
log-size = 条目数
log-root = 根哈希
log-time = 最近一次确认
log-key = 密钥
log-growth = 日志的增长
log-growth-lead = 本服务器签署的部分检查点，从最早到最新，每两个之间的条目数大致相同。
log-growth-drawing = 旁边表格的图示：一条随时间从左向右上升的线，表示条目的增加。
log-cosigned = 谁见过这棵树
log-cosigned-lead = 见证者签名确认，这棵树以他们此前见过的每一棵树开头。如果某个服务器出示两份不同的日志，他们就会发现。
column-witness = 见证者
column-time = 时间
own-witness = （本服务器）
all-entries = 全部条目

## 对等服务器页面
peers-title = 本服务器的对等服务器
peers-lead = 本服务器读取对等服务器的公开日志，自行核查每个签名，并对它们签名的内容联署。仅凭它们口说的，本服务器一概不信。若对等服务器签署了两份不同的日志历史，就会被永久隔离；此前来自它的内容予以保留，因为通告凭自身的签名成立。
peers-none = 目前还没有。
peers-for-programs = 供程序使用的同一内容，附地址和密钥
column-peer = 对等服务器
column-state = 状态
column-size = 日志大小
column-behind = 尚未读取
column-contact = 最近联系
column-evidence = 对其不利的证据
peer-well = 正常
peer-not-reached = 尚未连上
peer-not-well = 自 { $since } 起异常：{ $error }
peer-paused-wanted = 已暂停：它的太多条目无法取得
peer-paused-day = 暂停到明天：它今天带来的内容已达上限
peer-isolated = 已隔离：它签署了两份历史
peer-isolated-since = 自 { $since } 起隔离：它签署了两份历史
peer-ended = 它的日志已结束；自 { $since } 起由 { $origin } 接续
peer-claim-refused = { $at }，{ $claimant } 自称接续它，未被采信。

## 结论
verdict-retracted = 已撤回
verdict-part-retracted = 部分撤回
verdict-derived-from-retracted = 来自已撤回的内容
verdict-disputed = 有争议
verdict-removed-unexplained = 无故移除
verdict-concern = 有疑虑
verdict-reported = 被举报
verdict-corrected = 已更正
verdict-scheduled = 已预告
verdict-superseded = 已被取代
verdict-removed-no-fault = 已移除，无过错
verdict-reinstated = 已恢复
verdict-not-affected = 不受影响
verdict-possible = 可能涉及
verdict-no-notice = 没有已知通告
verdict-unidentified = 无法理解
verdict-unchecked = 未核查
sentence-retracted = 有权代表这个数据集的一方已将其撤回；请勿使用。
sentence-part-retracted = 您所查的那部分数据已被撤回；请勿使用。
sentence-part-retracted-cannot-tell = 这个数据集的一部分已被撤回，而从通告无法判断是否涉及您的副本。
sentence-derived-from-retracted = 它来自一个已撤回的数据集，因而一并被撤回。
sentence-disputed = 有通告对这个数据集提出反对，而有权答复的一方对该通告提出了异议。
sentence-removed-unexplained = 这个数据集已被移除，没有人说明原因。
sentence-concern = 有权代表这个数据集的一方表达了疑虑；使用前请先阅读。
sentence-reported = 并非这个数据集所有者的人报告说，它不应照原样使用。
sentence-corrected = 这个数据集曾有错误，现已更正；请获取更正后的版本。
sentence-scheduled = 已预告这个数据集将有变动，稍后生效。
sentence-superseded = 一个更新的数据集取代了它。
sentence-removed-no-fault = 这个数据集不再提供，但没有人说数据本身有问题。
sentence-reinstated = 这个数据集曾被撤回，现在可以重新使用。
sentence-not-affected = 关于这个数据集的通告说，您的文件不在所指之列。
sentence-possible = 某条通告可能涉及这个数据集：只有名称或页面相符。
sentence-no-notice = 没有已知的通告。
sentence-unidentified = 没有可供查询的标识符。
sentence-unchecked = 未能完整核查，因此无法下结论。

## 通告类型、身份和权限
type-retraction = 撤回
type-partial-retraction = 部分撤回
type-removal = 移除
type-expression-of-concern = 表达疑虑
type-correction = 更正
type-supersession = 取代
type-deprecation = 停用预告
type-access-change = 访问方式变更
type-reinstatement = 恢复使用
type-revocation = 撤销通告
type-response = 答复
role-publisher = 以发布者身份
role-host = 以托管者身份
role-funder-or-board = 以资助方或委员会身份
role-rights-holder = 以权利人身份
role-data-subject = 以数据中当事人的身份
role-observer = 以旁观者身份
authority-owner = 有权代表这个数据集
authority-host = 托管这个数据集
authority-by-association = 这里认识的发布者，通告中与本数据集并列的另一数据集归其所有
authority-other = 据本服务器所知，并非这个数据集的所有者

## 相符之处
strength-exact-bytes = 完全相同的字节
strength-tree = 完全相同的文件夹
strength-weak-bytes = 字节（依据弱摘要）
strength-versioned-id = 标识符和版本
strength-id = 标识符
strength-url = 网址
strength-alias = 名称

## 标识符
scheme-doi = DOI
scheme-url = 网址
scheme-hf = Hugging Face 仓库
scheme-kaggle = Kaggle 数据集
scheme-git = Git 仓库
scheme-swh = Software Heritage 标识符
scheme-btih = 种子
scheme-gdrive = Google Drive 共享
scheme-arxiv = arXiv 论文
scheme-md5 = MD5 摘要
scheme-sha1 = SHA-1 摘要
scheme-sha256 = SHA-256 摘要
scheme-sha512 = SHA-512 摘要
scheme-blake3 = BLAKE3 摘要
scheme-name = 名称
scheme-ark = ARK
scheme-hdl = Handle
scheme-openml = OpenML 数据集
scheme-btmh = 种子（版本 2）
scheme-archive = 互联网档案馆条目
scheme-baidu = 百度网盘分享
scheme-dirhash1 = 文件夹摘要
scheme-dvcdir = DVC 文件夹摘要
scheme-purl = 软件包网址（package URL）
scheme-blind = 遮蔽的摘要
subject-whole = 整个数据集
subject-version = 某个版本
subject-file = 某个文件
subject-mirror = 别处的副本
subject-landing-page = 它的页面
subject-described-by = 介绍它的论文
scope-whole = 全部
scope-versions = 某些版本
scope-parts = 某些部分
scope-files = 某些文件
scope-records = 某些记录
scope-subjects-listed = 恰好是下面列出的版本、文件和副本
relation-subset = 它的一部分
relation-superset = 包含它
relation-cleaned = 经过清理
relation-re-encoded = 以另一种形式存储
relation-merged-into = 并入其中
relation-annotations-of = 对它的标注
relation-trained-on = 用它训练
relation-other = 其他方式
inherits-yes = 这条通告对它同样有效。
inherits-no = 这条通告对它无效。
inherits-unknown = 这条通告对它是否有效，尚不清楚。
reference-evidence = 证据
reference-report = 报告
reference-article = 文章
reference-discussion = 讨论
reference-order = 命令
reference-tombstone = 移除说明页
reference-policy = 规定

## 原因、含义和该怎么做
reason-privacy = 隐私
reason-consent = 知情同意
reason-re-identification = 重新识别
reason-ethics-approval = 伦理批准
reason-offensive-content = 冒犯性内容
reason-illegal-content = 非法内容
reason-copyright = 著作权
reason-licence-terms = 许可条款
reason-legal-order = 法律命令
reason-data-error = 数据错误
reason-fabrication = 伪造
reason-unverifiable = 无法证实
reason-contamination = 数据污染
reason-bias = 偏见
reason-misuse-risk = 滥用风险
reason-security = 安全
reason-opt-out = 要求退出
reason-authorship = 作者身份
reason-article-retracted = 论文已撤回
reason-superseded = 已被取代
reason-provider-decision = 提供方的决定
reason-moved = 已迁移
reason-source-unavailable = 来源已消失
reason-not-maintained = 不再维护
reason-policy = 规定
reason-published-in-error = 误发布
reason-not-stated = 未说明
meaning-privacy = 它含有不应出现的个人数据。
meaning-consent = 其中的人没有同意，或收回了同意。
meaning-re-identification = 尽管去掉了姓名，仍能认出其中的人是谁。
meaning-ethics-approval = 收集时没有必需的批准，或超出了批准的范围。
meaning-offensive-content = 它含有侮辱或贬低他人的内容。
meaning-illegal-content = 它含有任何人都不得持有或传播的内容。
meaning-copyright = 它含有未经所有者许可的作品。
meaning-licence-terms = 它的分享违反了来源或许可的条款。
meaning-legal-order = 法院或主管机关下令如此。
meaning-data-error = 数据有误。
meaning-fabrication = 数据是编造或篡改的。
meaning-unverifiable = 没有人能证明数据确实如其所称。
meaning-contamination = 它含有不该在其中的数据，例如重复项或测试集。
meaning-bias = 它对人或事物的呈现失真，并造成伤害。
meaning-misuse-risk = 它被用来，或可能被用来造成伤害。
meaning-security = 它含有会伤害打开者的东西。
meaning-opt-out = 当事人或所有者要求将其移出。
meaning-authorship = 作者是谁有争议，或它取自他人。
meaning-article-retracted = 它所属的论文已被撤回。
meaning-superseded = 更新的数据集取代了它。
meaning-provider-decision = 提供它的一方决定停止提供。
meaning-moved = 它现在由别处提供。
meaning-source-unavailable = 它的来源已不存在。
meaning-not-maintained = 已没有人维护它。
meaning-policy = 提供方的规定或政策终止了它。
meaning-published-in-error = 它本来就不打算发布。
meaning-not-stated = 没有人说明原因。
fault-data = 数据本身
fault-rights = 相关权利
fault-people-harm = 它伤害他人
fault-none = 没有问题
fault-unknown = 不清楚
action-none = 无需采取行动。
action-inform = 请告知您曾给过它的人。
action-stop-use = 请停止使用。
action-delete = 请删除您的副本。
action-do-not-redistribute = 请勿传播。
action-update-to = 请改用替代的数据集。
action-re-download = 请重新下载。
action-cite-with-notice = 引用它时，请一并引用这条通告。
publication-allow = 使用它的论文可以发表。
publication-allow-with-statement = 使用它的论文附上关于这条通告的说明后可以发表。
publication-refuse-new-use = 新的论文不应使用它。

## 订阅和徽章
feed-title = { $origin } 所知的通告
feed-title-of = { $origin } 所知的关于 { $id } 的通告
subscribe-atom = 订阅（Atom）
subscribe-json = 订阅（JSON Feed）
embed-title = 放到您自己的页面上
embed-lead = 用于 README 的徽章；结论变化时它也随之变化：

## 统计
statistics-title = 统计
statistics-counted = 所统计的是 { $origin } 日志中的通告，树大小 { $size }。
statistics-lead = 每条通告只计一次，计入本服务器首次看到它的月份。日志中的内容从不取出，因此后来被撤销的通告仍然计入；针对其他通告的通告（包括撤销）单独列出。其他服务器可能有不同的通告。
statistics-all = { $notices ->
   *[other] 共 { $notices } 条通告。
}
statistics-months = 按月份
statistics-months-lead = 本服务器首次看到通告的月份（UTC）。
statistics-months-drawing = 旁边表格的图示：每月一根柱，从左到右。实心柱是关于数据集的通告，空心柱是关于其他通告的通告。
statistics-earlier = { $notices ->
   *[other] 在这些月份之前还有 { $notices } 条通告。
}
statistics-verdicts = 按结论
statistics-verdicts-lead = 这里数的是数据集，不是通告：对每条通告指为数据集本身的标识符（有多个时取第一个）进行查询（任何人都可以这样查询），按其今天的结论计一次。若各通告对同一数据集使用不同的标识符，该数据集会计多次；通告已全部撤销的数据集计为没有已知通告。
statistics-verdicts-as-of = 判定时间 { $time }，树大小 { $size }。
statistics-verdicts-all = { $datasets ->
   *[other] 共 { $datasets } 个数据集。
}
statistics-verdicts-later = 正在统计，请一分钟后再看。
column-verdict = 结论
column-datasets = 数据集数
statistics-kinds = 按类型
statistics-about-notices = 关于其他通告的通告
statistics-about-notices-lead = 它们改变先前通告的内容，或对其作出答复。
statistics-reasons = 按原因
statistics-reasons-lead = 一条通告可以给出多个原因，也可以不给出原因。
statistics-for-programs = 供程序使用的同一内容
column-month = 月份
column-notices = 通告数
column-about-datasets = 关于数据集
column-about-notices = 关于其他通告

## 无法显示时
error-400 = 无法读取这个请求
error-400-next = 网址中有些内容不对。请检查下面指出的部分，或用查询框重新开始。
error-404 = 这里什么也没有
error-404-next = 请检查网址，或用查询框查找数据集。
error-405 = 这个网址不接受这样的请求
error-405-next = 它供程序向其发送内容使用。供程序使用的接口说明在页脚。
error-406 = 不提供这种格式
error-406-next = 请换一种格式，或用查询框重新开始。
error-413 = 内容太大
error-413-next = 请分次发送；上限见下文。
error-429 = 来自您网络的请求太多
error-429-next = 请稍等片刻再重新加载页面。经常查询的人可以保存整份日志，在自己的电脑上查询：见“palinode index”。
error-451 = 此内容已依法或应要求移除
error-451-next = 它不会恢复。提到它的通告仍然保留，对数据集的说法不变：请用查询框查找。
error-500 = 服务器出错
error-500-next = 请稍后再试。如果一直如此，请告诉本服务器的运营者出错的时间。
error-503 = 服务器现在无法答复
error-503-next = 请过一会儿再试。其他服务器也许有同样的通告。
error-wait = { $seconds ->
   *[other] 请在 { $seconds } 秒后重试。
}
error-said = 服务器的说明（英文）：
removed-on = 移除时间
removed-basis = 依据
removed-jurisdiction = 适用法律
removed-reference = 文号
basis-legal-order = 法院或主管机关下令移除。
basis-personal-data = 必须去除个人数据。
basis-rights = 它侵犯了他人的权利。
basis-issuer-request = 撰写者要求移除。
basis-policy = 它违反了本服务器的规定。

## 供程序使用的接口
docs-title = 供程序使用的接口
docs-lead = 本服务器的每个路径：接受什么，回答什么。这些页面由程序读取的同一份描述生成。
docs-clients = 编写客户端：用 Python、JavaScript 和 shell 写成的完整短小客户端
docs-description = 供程序使用的描述（OpenAPI 3.1）
docs-schema-notice = 通告的 JSON Schema
docs-schema-publisher = 发布者记录的 JSON Schema
docs-paths = 路径
docs-problems = 错误
docs-problems-lead = 出错时各路径的回答。每个路径都列出它可能给出的错误。
docs-headers = 标头
docs-group-title = 接口：{ $group }
docs-all = 所有路径
docs-token = 需要要求上传的回执中的令牌。
docs-parameters = 参数
docs-body = 正文
docs-request = 请求
docs-body-file = 以下是 body.json：
docs-answers = 回答
docs-example = 对示例的回答
docs-required = 必需
docs-schema-title = 字段：{ $name }
docs-fields = 字段
docs-either = 其中之一
