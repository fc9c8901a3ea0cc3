### 日本語のページ。

## すべてのページの枠
skip-to-content = 本文へ移動
nav-label = このサーバーのページ
nav-notices = 通知
nav-statistics = 統計
nav-log = ログ
nav-peers = ピア
languages = 言語
footer-checkable = ここでの回答はすべて検証できます：
footer-checkpoint = ログのチェックポイント
footer-keys = このサーバーの鍵
footer-interface = プログラム向けインターフェース
list-separator = 、
full-stop = 。
comma = 、
colon = ：
leads-to = →
never = なし
none = なし
yes = はい
no = いいえ
time-unknown = 不明な時刻

## 検索欄
box-label = DOI、URL、リポジトリ、トレント、ファイルのダイジェスト、またはデータセットの名前
box-button = 調べる

## トップページ
front-title = このデータセットは撤回されましたか？
front-lead = このサーバーは、データセットが撤回、訂正、置き換え、または削除されたことを知らせる署名付きの通知を、追記のみの公開ログに保存しています。通知をピアと交換し、すべての署名を自ら検証します。
front-holds = { $notices ->
   *[other] 通知は { $notices } 件あります
}（ツリーサイズ { $size }）。
front-drop = ファイルをお持ちですか？送らずに調べられます
front-newest = 最新の通知
front-none = まだありません。
policy-pinned = ここに公開できるのは、運営者が指定した公開元だけです。
policy-verified = ここに公開できるのは、運営者が指定した公開元か、自分のドメインで鍵を示している公開元だけです。
policy-open = 誰でもここに公開できます。誰が何を言っているかに注意してください。

## ファイルを調べる
drop-title = ファイルを送らずに調べる
drop-lead = ブラウザーがファイルのダイジェストを計算し、その最初の数桁だけを尋ね、比較も自分で行います。ファイルもその名前もダイジェスト全体も、お使いの機器から出ません。
drop-zone-title = ファイル
drop-zone = ここにファイルをドロップするか、{ $files } 個まで選んでください：
drop-leaves = 各ダイジェストの最初の { $digits } 桁だけが { $origin } に送られます（非常に多く知られている場合は 6 桁まで）。世界のファイルの 65,536 個に 1 個がそう始まります。
drop-plain = ブラウザーがダイジェストを計算するのは、https またはこの機械（localhost）から来たページだけです。このページは別の方法で届いたので、下のコマンドのどれかを使ってください。
drop-noscript = スクリプトなしでは、このページはダイジェストを計算できません。下のコマンドで同じことができます。
drop-answers = 回答
drop-commands = 端末で同じことをする
drop-commands-one = ファイル一つ。サーバーは最初の数桁だけを知ります：
drop-commands-many = 多くのファイルやフォルダー：最初のコマンドがサーバーの知っていることを取得し、二つ目はその写しの中ですべてを調べ、誰にも尋ねません。
drop-limits = この方法で見つからないもの
drop-limit-algorithm = 比較するのは SHA-256 だけです。別の種類のダイジェストでファイルを名指す通知は見つかりません。palinode scan はすべての種類を比較します。
drop-limit-sensitive = 慎重を要する内容についての通知は、ファイルを隠した形で名指すため、最初の数桁では尋ねられません。palinode scan なら見つかります。
drop-limit-size = { $size } を超えるファイル。ブラウザーはファイル全体をメモリーに必要とするためです。コマンドはどんな大きさでも扱えます。
drop-limit-many = 一つのデータセットの複数のファイルは、合わせるとどのデータセットかを明かします。多くお持ちの方は二つ目のコマンドを使ってください。
drop-working = { $all } 個中 { $done } 個目のファイルを調べています……
drop-done = { $done } 個のファイルを調べました。
drop-more = 最初の { $done } 個のファイルを調べました。それ以上は palinode scan を使ってください。
drop-notice = 通知 { $notice }… を読む
drop-dataset = このファイルについて知られていることのすべて
drop-dataset-tells = （このページを開くと、どのファイルのことかが { $origin } に伝わります）
drop-asked = { $origin } に、{ $prefix } で始まるすべてのダイジェストを尋ねました。このファイルのダイジェストは
drop-empty = このファイルは空です。誰もがそのようなファイルを持っているので、どの通知も一致することはなく、誰にも尋ねていません。
drop-large = このファイルは { $size } を超えており、ブラウザーのメモリーには大きすぎます。誰にも尋ねていません。下のコマンドのどれかを使ってください。
drop-unreadable = ブラウザーはこのファイルを読めませんでした。フォルダーか、もう存在しないか、メモリーには大きすぎるのかもしれません。誰にも尋ねていません。下のコマンドのどれかを使ってください。
drop-unreachable = サーバーから使える回答がありませんでした。もう一度お試しください。
drop-busy = お使いのアドレスからの問い合わせが多すぎます。30 秒待ってからもう一度お試しください。
drop-crowded = サーバーはこう始まるダイジェストを知りすぎており、ファイルを明かさずに伝えられるより多くの桁を求めています。下の二つ目のコマンドを使ってください。

## 通知の一覧
column-dataset = データセット
column-notice = 通知
column-reasons = 理由
column-by = 発行者
column-seen = ここで確認した日
lifted-short = （現在は無効）
look-twice-short = （発行者に注意）
search-title = 通知
search-all = すべての通知（新しい順）
search-words = 「{ $words }」を含む通知
search-as-name = この名前のデータセットについて知られていること：
search-none = そのような通知は { $origin } では知られていません。ツリーサイズ { $size }。
search-older = これより古い通知
search-issuer = { $issuer } の通知だけを表示しています。
filter-type = 種類
filter-reason = 理由
filter-role = 立場
filter-any = すべて

## 識別子のページ
understood-as = { $scheme }と解釈しました：
no-notice-known = { $time } 時点、ツリーサイズ { $size } で、{ $origin } が知る通知はありません。ここで知られていなくても、ほかの場所では知られているかもしれず、明日には知られるかもしれません。
caution-incomplete = この回答は不完全です。結果を変えうるものを確認できませんでした。
caution-list-removed = この回答は不完全です。通知が挙げるファイルの一覧はここから削除され、戻ることはありません。このファイルが一覧にあったかどうか、ここでは分かりません。
caution-truncated = 派生の関係は、ここでたどった範囲よりさらに続いています。
caution-conflict = 同じ効力の通知が互いに矛盾しています。より重いほうを採用しています。
what-to-do = すべきこと
find-copies = お手元のコピーを探すには（ファイルについての情報がこのコンピューターから出ることはありません）：
delete-from-cache = Hugging Face ライブラリのキャッシュから削除するには：
use-instead = 代わりに使うもの：
action-until = { $deadline } まで：{ $action }
which-parts = どの部分か
part-affected = 対象
part-unaffected = 対象外
who-says-so = 誰が言っているか
date-effective = 発効
date-issued = 発行
said-by = 発行者：
domain-attested = ドメインは{ $attested }。
attested = { $by } が { $on } に確認済み
look-twice = 誰が言っているかをよく確かめてください：
remark-key-changed = このドメインの鍵は一度新しく作り直されており、古い鍵と新しい鍵の通知が並んでいます。
remark-name-looks-like-name = 名前が、別の公開元の名前 { $text }（{ $other }）に似ています。
remark-name-looks-like-domain = 名前が、別の公開元（{ $other }）のドメイン { $text } に似ています。
remark-domain-looks-like-name = ドメインが、別の公開元の名前 { $text }（{ $other }）に似ています。
remark-domain-looks-like-domain = ドメインが、別の公開元（{ $other }）のドメイン { $text } に似ています。
remark-name-mixes-scripts = 名前の { $word } に複数の文字体系が混ざっています：{ $scripts }。
remark-domain-mixes-scripts = ドメインの { $word } に複数の文字体系が混ざっています：{ $scripts }。
says-of-it = お尋ねのものについての判定：{ $verdict }。一致したもの：{ $strength }、対象は
made-from = お尋ねのものの派生元：
and-more =
    { $count ->
       *[other] ほかに { $count } 件あります。
    }
made-from-what = 何から何が作られたか
graph-title = 下の文を図にしたもの。左から右へ、それぞれのデータセットは一つ前のものから作られました。
derived = { $child } は { $parent } から作られました（{ $relation }）。
known-to = { $origin } の知るところによります。
known-as-of = { $origin } が { $time } 時点で知るところによります。ツリーサイズ { $size }。
answer-for-programs = プログラム向けの同じ回答（証明付き）
check-yourself = 自分で検証する

## 通知のページ
force-in-force = この通知は有効です。
force-lifted = この通知は現在は無効です。
force-scheduled = { $date } に発効します。
sensitive-note = この通知は、誰も探すべきではないものに関するものです。ファイルは伏せた形でのみ示されています。ファイルを持つ人は照合できますが、一覧にすることは誰にもできません。
why = 理由
what-is-wrong = 何が問題か
appeal-at = 不服申立先
what-the-issuer-wrote = 発行者の説明
read-more = 詳しい情報
what-it-is-about = 何についての通知か
dataset-of = データセットの提供元
also-called = 別名
version = バージョン
how-much = 対象の範囲
list-affected =
    { $count ->
       *[other] 対象となる { $count } 個のファイルの一覧（{ $algorithm } ダイジェスト）：
    }
list-unaffected =
    { $count ->
       *[other] 対象外の { $count } 個のファイルの一覧（{ $algorithm } ダイジェスト）：
    }
made-of-it = これから作られたもの
other-notices = この通知に関するほかの通知
relation-to-disputed = 異議を唱えた者：
relation-to-disputed-without-weight = 異議を唱えた者（ここでは効力なし）：
relation-to-lifted-replaces = 次のものに置き換えられました：
relation-to-lifted-revokes = 次のものにより取り消されました：
relation-to-lifted-reinstates = 利用再開により解除されました：
relation-to-amended = 次のものが補足しています：
void-foreign-issuer = 別の者が解除しようとしましたが、効力はありません：
void-no-power-to-lift = 権限のない鍵が解除しようとしました：
prior-amends = 補足する通知：
prior-replaces = 置き換える通知：
prior-revokes = 取り消す通知：
prior-reinstates = 次の通知が撤回したものの利用を再開します：
prior-disputes = 異議を唱える対象：
three-times = 三つの時刻（区別して表示）
time-issued = 発行（発行者の申告）
time-effective = 発効（発行者の申告）
time-seen = このサーバーが最初に確認
time-logged = ログでの位置
log-entry = エントリー { $index }、リーフハッシュ
check-notice-lead = 通知には発行者の署名があり、ログはそれを収録していることを証明します。どちらも、このサーバーを信頼せずに検証できます。
notice-id = 通知
signed-with = 署名した鍵
all-fields = すべての項目
signed-envelope = 署名付きエンベロープ
proof-of-inclusion = 収録の証明
texts-none = この通知には文章がありません。
texts-available = { "" }
texts-awaited = 文章はまだ届いていません。
texts-removed = 文章は、法律または求めにより削除されました。通知そのものは残っています。
missing-notice = そのような通知はありません
missing-notice-sentence = この識別子の通知は { $origin } では知られていません。ほかの場所では知られているかもしれません。データセットそのものを調べてください。
missing-publisher = そのような公開元はありません
missing-publisher-sentence = { $origin } の知る限り、この名前の者が発行したものはありません。

## 公開元のページ
standing-pinned = このサーバーの運営者が知っている相手です。
standing-verified = ドメインが本人であることを示しています。
standing-self-asserted = 誰であるかを保証する者は、ここにはいません。
issuer-blocked = このサーバーの運営者は、この発行者からの新しいものを受け付けていません。
issuer-waiting =
    { $count ->
       *[other] { $count } 件のレコードがドメインの確認を待っています。
    }
issuer-without-record = 自らについてのレコードを公開していません。
lineage = 鍵の系列
lineage-number = 鍵の系列 { $number }
lineage-forked = 二つのレコードが同じ位置を主張しています。運営者が決着をつけるまで、どちら側の通知も警告を出せますが、警告を解除することはできません。
homepage = ページ
contact = 連絡先
speaks-for = ここで代表するもの
keys = 鍵
column-key = 鍵
column-status = 状態
column-since = 開始（本人の申告）
column-may-lift = 通知の解除
key-active = 使用中
key-retired = 使用終了
key-compromised = 漏えい
records = レコード
record-behind-fork = （分岐の先）
its-notices = この発行者の通知

## ログのページ
log-title = ログ
log-lead = このサーバーが受け入れた通知は、すべて一つのログに追記されます。変更されることも取り除かれることもなく、チェックポイントを持つ人は誰でもそれを証明できます。
log-origin = 名前
log-size = エントリー数
log-root = ルートハッシュ
log-time = 最後の確認
log-key = 鍵
log-growth = ログの増え方
log-growth-lead = このサーバーが署名したチェックポイントの一部を、最初のものから最新のものまで、間のエントリー数がほぼ等しくなるように示します。
log-growth-drawing = 横の表を図にしたもの。エントリーが増えるにつれ、時間とともに左から右へ上がる線です。
log-cosigned = このツリーを見た者
log-cosigned-lead = 証人は、このツリーが以前に見たどのツリーからも続いていることに署名します。異なる二つのログを見せるサーバーがあれば、証人に見破られます。
column-witness = 証人
column-time = 時刻
own-witness = （このサーバー）
all-entries = すべてのエントリー

## ピアのページ
peers-title = このサーバーのピア
peers-lead = このサーバーはピアの公開ログを読み、すべての署名を自ら検証し、ピアが署名したものに連署します。ピアが言うだけのことは何も信じません。ログの二つの歴史に署名したピアは、永久に隔離されます。それ以前に届いたものは残ります。通知はそれ自身の署名によって成り立つからです。
peers-none = まだありません。
peers-for-programs = プログラム向けの同じ内容（アドレスと鍵付き）
column-peer = ピア
column-state = 状態
column-size = ログのサイズ
column-behind = 未読
column-contact = 最後の接触
column-evidence = 不正の証拠
peer-well = 正常
peer-not-reached = まだ接続できていません
peer-not-well = { $since } から異常：{ $error }
peer-paused-wanted = 一時停止：取得できないエントリーが多すぎます
peer-paused-day = 明日まで一時停止：一日に送れる量に達しました
peer-isolated = 隔離：二つの歴史に署名しました
peer-isolated-since = { $since } から隔離：二つの歴史に署名しました
peer-ended = ログは終了しました。{ $since } から { $origin } が引き継いでいます
peer-claim-refused = { $at } に { $claimant } が引き継ぎを主張しましたが、認められませんでした。

## 判定
verdict-retracted = 撤回済み
verdict-part-retracted = 一部撤回
verdict-derived-from-retracted = 撤回されたものから派生
verdict-disputed = 異議あり
verdict-removed-unexplained = 理由の説明なく削除
verdict-concern = 懸念あり
verdict-reported = 報告あり
verdict-corrected = 訂正済み
verdict-scheduled = 予告あり
verdict-superseded = 後継あり
verdict-removed-no-fault = 削除（データに問題なし）
verdict-reinstated = 利用再開
verdict-not-affected = 対象外
verdict-possible = 該当の可能性
verdict-no-notice = 既知の通知なし
verdict-unidentified = 解釈できません
verdict-unchecked = 未確認
sentence-retracted = このデータセットは、それを代表する者によって撤回されました。使用しないでください。
sentence-part-retracted = このデータセットのうち、お尋ねの部分は撤回されました。使用しないでください。
sentence-part-retracted-cannot-tell = このデータセットの一部は撤回されましたが、お手元のコピーが該当するかどうかは通知からは分かりません。
sentence-derived-from-retracted = これは撤回されたデータセットから作られたもので、撤回が引き継がれます。
sentence-disputed = このデータセットを問題とする通知がありますが、答える資格のある者が異議を唱えています。
sentence-removed-unexplained = このデータセットは削除されましたが、その理由は誰も説明していません。
sentence-concern = このデータセットを代表する者が懸念を示しています。使用する前に読んでください。
sentence-reported = このデータセットの所有者ではない者が、そのまま使うべきではないと報告しています。
sentence-corrected = このデータセットには誤りがあり、訂正されました。訂正されたものを入手してください。
sentence-scheduled = このデータセットの変更が予告されており、後日発効します。
sentence-superseded = より新しいデータセットがこれに取って代わりました。
sentence-removed-no-fault = このデータセットの提供は終わりましたが、データに問題があるとは誰も言っていません。
sentence-reinstated = このデータセットは撤回されていましたが、再び使用できます。
sentence-not-affected = このデータセットについての通知は、お手元のファイルは対象ではないとしています。
sentence-possible = 通知がこのデータセットについてのものである可能性があります。一致しているのは名前かページだけです。
sentence-no-notice = 知られている通知はありません。
sentence-unidentified = 調べるべき識別子がありませんでした。
sentence-unchecked = 完全には確認できなかったため、何も言えません。

## 通知の種類、立場、権限
type-retraction = 撤回
type-partial-retraction = 一部撤回
type-removal = 削除
type-expression-of-concern = 懸念の表明
type-correction = 訂正
type-supersession = 後継への交代
type-deprecation = 非推奨化
type-access-change = アクセス方法の変更
type-reinstatement = 利用再開
type-revocation = 通知の取り消し
type-response = 回答
role-publisher = 公開元として
role-host = 配布元として
role-funder-or-board = 資金提供者または委員会として
role-rights-holder = 権利者として
role-data-subject = データに含まれる本人として
role-observer = 第三者として
authority-owner = このデータセットを代表する者
authority-host = これを配布している者
authority-by-association = ここで知られている公開元で、通知がこれと並べて挙げるデータセットの所有者
authority-other = このサーバーの知る限り、このデータセットの所有者ではない者

## 一致したもの
strength-exact-bytes = バイト列そのもの
strength-tree = フォルダーそのもの
strength-weak-bytes = バイト列（弱いダイジェストによる）
strength-versioned-id = 識別子とバージョン
strength-id = 識別子
strength-url = URL
strength-alias = 名前

## 識別子
scheme-doi = DOI
scheme-url = URL
scheme-hf = Hugging Face のリポジトリ
scheme-kaggle = Kaggle のデータセット
scheme-git = Git リポジトリ
scheme-swh = Software Heritage 識別子
scheme-btih = トレント
scheme-gdrive = Google ドライブの共有
scheme-arxiv = arXiv の論文
scheme-md5 = MD5 ダイジェスト
scheme-sha1 = SHA-1 ダイジェスト
scheme-sha256 = SHA-256 ダイジェスト
scheme-sha512 = SHA-512 ダイジェスト
scheme-blake3 = BLAKE3 ダイジェスト
scheme-name = 名前
scheme-ark = ARK
scheme-hdl = ハンドル
scheme-openml = OpenML のデータセット
scheme-btmh = トレント（バージョン 2）
scheme-archive = インターネット・アーカイブの項目
scheme-baidu = 百度（Baidu）の共有
scheme-dirhash1 = フォルダーのダイジェスト
scheme-dvcdir = DVC フォルダーのダイジェスト
scheme-purl = パッケージ URL
scheme-blind = 伏せられたダイジェスト
subject-whole = データセット全体
subject-version = 特定のバージョン
subject-file = ファイル
subject-mirror = ほかの場所にあるコピー
subject-landing-page = 紹介ページ
subject-described-by = それを説明する論文
scope-whole = 全体
scope-versions = 特定のバージョン
scope-parts = 特定の部分
scope-files = 特定のファイル
scope-records = 特定のレコード
scope-subjects-listed = 下に挙げたバージョン、ファイル、コピーのみ
relation-subset = その一部
relation-superset = それを含むもの
relation-cleaned = 整理したもの
relation-re-encoded = 別の形式で保存したもの
relation-merged-into = 統合したもの
relation-annotations-of = その注釈
relation-trained-on = それで学習したもの
relation-other = その他の関係
inherits-yes = 通知はこれにも当てはまります。
inherits-no = 通知はこれには当てはまりません。
inherits-unknown = 通知がこれにも当てはまるかどうかは分かっていません。
reference-evidence = 証拠
reference-report = 報告書
reference-article = 記事
reference-discussion = 議論
reference-order = 命令
reference-tombstone = 削除の告知ページ
reference-policy = 規則

## 理由、その意味、すべきこと
reason-privacy = プライバシー
reason-consent = 同意
reason-re-identification = 再識別
reason-ethics-approval = 倫理承認
reason-offensive-content = 不快な内容
reason-illegal-content = 違法な内容
reason-copyright = 著作権
reason-licence-terms = ライセンス条件
reason-legal-order = 法的命令
reason-data-error = データの誤り
reason-fabrication = 捏造
reason-unverifiable = 検証不能
reason-contamination = データの混入
reason-bias = 偏り
reason-misuse-risk = 悪用のおそれ
reason-security = セキュリティ
reason-opt-out = 除外の求め
reason-authorship = 作者の帰属
reason-article-retracted = 論文の撤回
reason-superseded = 後継あり
reason-provider-decision = 提供者の判断
reason-moved = 移転
reason-source-unavailable = 元データの消失
reason-not-maintained = 管理終了
reason-policy = 規則
reason-published-in-error = 誤って公開
reason-not-stated = 理由の記載なし
meaning-privacy = 含まれるべきでない個人データが含まれています。
meaning-consent = 含まれている人が同意していないか、同意を取り消しました。
meaning-re-identification = 名前は除かれていますが、含まれている人が誰か分かってしまいます。
meaning-ethics-approval = 必要な承認なしに、または承認の範囲を超えて収集されました。
meaning-offensive-content = 人を侮辱したり、おとしめたりする内容が含まれています。
meaning-illegal-content = 誰も所持したり渡したりしてはならない内容が含まれています。
meaning-copyright = 所有者の許可のない作品が含まれています。
meaning-licence-terms = 元データやライセンスの条件に反して共有されました。
meaning-legal-order = 裁判所または当局が命じました。
meaning-data-error = データに誤りがあります。
meaning-fabrication = データは作り上げられたか、改ざんされたものです。
meaning-unverifiable = データが称するとおりのものであることを、誰も示せませんでした。
meaning-contamination = 重複やテストセットなど、含まれるべきでないデータが含まれています。
meaning-bias = 人や物事を害のある形でゆがめて表しています。
meaning-misuse-risk = 害を与えるために使われているか、使われるおそれがあります。
meaning-security = 開いた人に害を与えるものが含まれています。
meaning-opt-out = 本人または所有者が除外を求めました。
meaning-authorship = 作者が誰かに争いがあるか、他者から取られたものです。
meaning-article-retracted = 対応する論文が撤回されました。
meaning-superseded = より新しいものがこれに取って代わりました。
meaning-provider-decision = 提供者が提供をやめることにしました。
meaning-moved = 現在は別の場所で提供されています。
meaning-source-unavailable = 元となったものがなくなりました。
meaning-not-maintained = もう誰も管理していません。
meaning-policy = 提供者の規則または政治的な事情により終了しました。
meaning-published-in-error = 公開するつもりのないものでした。
meaning-not-stated = 理由は誰も述べていません。
fault-data = データ
fault-rights = データについての権利
fault-people-harm = 人に害を与えること
fault-none = 問題なし
fault-unknown = 不明
action-none = 何もする必要はありません。
action-inform = 渡した相手に知らせてください。
action-stop-use = 使用をやめてください。
action-delete = コピーを削除してください。
action-do-not-redistribute = ほかの人に渡さないでください。
action-update-to = 代わりのものに切り替えてください。
action-re-download = もう一度ダウンロードしてください。
action-cite-with-notice = 引用するときは、この通知も引用してください。
publication-allow = これを使った論文は公開してかまいません。
publication-allow-with-statement = これを使った論文は、この通知についての記載を添えれば公開できます。
publication-refuse-new-use = 新しい論文では使うべきではありません。

## フィードとバッジ
feed-title = { $origin } が知る通知
feed-title-of = { $origin } が知る { $id } についての通知
subscribe-atom = 購読する（Atom）
subscribe-json = 購読する（JSON Feed）
embed-title = 自分のページに載せる
embed-lead = README 用のバッジ。判定が変わると表示も変わります：

## 統計
statistics-title = 統計
statistics-counted = { $origin } のログにある通知を数えています。ツリーサイズ { $size }。
statistics-lead = それぞれの通知は、このサーバーが最初に確認した月に一度だけ数えます。ログからは何も取り除かれないため、後に取り消された通知も数に含まれます。取り消しなど、ほかの通知についての通知は別に示します。ほかのサーバーには別の通知があるかもしれません。
statistics-all = { $notices ->
   *[other] 通知は全部で { $notices } 件です。
}
statistics-months = 月別
statistics-months-lead = このサーバーが通知を最初に確認した月（UTC）。
statistics-months-drawing = 横の表を図にしたもの。左から右へ、一か月ごとに一本の棒です。塗りつぶした棒はデータセットについての通知、中空の棒はほかの通知についての通知です。
statistics-earlier = { $notices ->
   *[other] これらの月より前に、ほかに { $notices } 件の通知があります。
}
statistics-verdicts = 判定別
statistics-verdicts-lead = 通知ではなくデータセットの数です。各通知がデータセットそのものとして挙げる識別子（複数あれば最初のもの）を、誰でもできる方法で照会し、今日の判定のもとに一度だけ数えます。通知ごとに異なる名で挙げられているデータセットは複数回数えられ、すべての通知が取り消されたものは既知の通知なしとして数えます。
statistics-verdicts-as-of = { $time } に、ツリーサイズ { $size } で判定しました。
statistics-verdicts-all = { $datasets ->
   *[other] データセットは全部で { $datasets } 件です。
}
statistics-verdicts-later = 集計中です。一分後にもう一度ご覧ください。
column-verdict = 判定
column-datasets = データセット数
statistics-kinds = 種類別
statistics-about-notices = ほかの通知についての通知
statistics-about-notices-lead = 以前の通知の内容を変えるか、それに答えるものです。
statistics-reasons = 理由別
statistics-reasons-lead = 一つの通知が複数の理由を挙げることも、理由を挙げないこともあります。
statistics-for-programs = プログラム向けの同じ内容
column-month = 月
column-notices = 通知の数
column-about-datasets = データセットについて
column-about-notices = ほかの通知について

## 表示できないとき
error-400 = この要求を読み取れません
error-400-next = アドレスの一部が正しくありません。下に示した部分を確かめるか、検索欄からやり直してください。
error-404 = ここには何もありません
error-404-next = アドレスを確かめるか、検索欄でデータセットを調べてください。
error-405 = このアドレスはそのような要求を受け付けません
error-405-next = プログラムが何かを送るためのアドレスです。プログラム向けインターフェースの説明はページの下部にあります。
error-406 = この形式では提供していません
error-406-next = 別の形式で求めるか、検索欄からやり直してください。
error-413 = 大きすぎます
error-413-next = 一度に送る量を減らしてください。上限は下に示してあります。
error-429 = お使いのネットワークからの要求が多すぎます
error-429-next = 少し待ってから、ページを読み込み直してください。頻繁に調べる人は、ログ全体を手元に置いて調べることができます。「palinode index」を参照してください。
error-451 = これは、法律または求めにより削除されました
error-451-next = 元に戻ることはありません。これを挙げている通知は残っており、データセットについての内容も変わりません。検索欄で調べてください。
error-500 = サーバーでエラーが起きました
error-500-next = 後でもう一度お試しください。続くようなら、起きた時刻をこのサーバーの運営者に知らせてください。
error-503 = サーバーは今は応答できません
error-503-next = しばらくしてからもう一度お試しください。ほかのサーバーに同じ通知があるかもしれません。
error-wait = { $seconds ->
   *[other] { $seconds } 秒後にもう一度お試しください。
}
error-said = サーバーの説明（英語）：
removed-on = 削除日時
removed-basis = 根拠
removed-jurisdiction = 準拠法
removed-reference = 文書番号
basis-legal-order = 裁判所または当局が命じました。
basis-personal-data = 個人データを取り除く必要がありました。
basis-rights = 誰かの権利を侵害していました。
basis-issuer-request = 書いた本人が求めました。
basis-policy = このサーバーの規則に反していました。

## プログラム向けインターフェース
docs-title = プログラム向けインターフェース
docs-lead = このサーバーのすべてのパスについて、受け取るものと返すものを示します。これらのページは、プログラムが読む記述から作られています。
docs-clients = クライアントを作る：Python、JavaScript、シェルの短く完結したクライアント
docs-description = プログラム向けの記述（OpenAPI 3.1）
docs-schema-notice = 通知の JSON Schema
docs-schema-publisher = 発行者レコードの JSON Schema
docs-paths = パス
docs-problems = エラー
docs-problems-lead = 問題があるときにパスが返すものです。各パスは、返しうるものを挙げています。
docs-headers = ヘッダー
docs-group-title = インターフェース：{ $group }
docs-all = すべてのパス
docs-token = アップロードを求めた受領書のトークンが必要です。
docs-parameters = パラメーター
docs-body = 本文
docs-request = リクエスト
docs-body-file = これが body.json です：
docs-answers = 応答
docs-example = 例への応答
docs-required = 必須
docs-schema-title = 項目：{ $name }
docs-fields = 項目
docs-either = いずれか一つ
