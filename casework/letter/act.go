package letter

import "strings"

// acts are the words that begin what an organ does: verbs, and the adverbs and
// prepositions that lead to one. All have two characters.
var acts = lexiconOf(strings.Fields(`
加强 足额 切换 收尾 动工 进场 清点 结清 付清 上墙 聘用 归垫 开行 恢复 试运 通电 招生 签约 兑现 覆盖 投保 联网 挂网 播种 停止 压减 封顶 陆续 相继 分别 逐个 逐户 另行 专门 专项 单独 坚定 始终 一律 直接 正式 首批 随时 按季 按月 每年 每月 每季 每半 推迟 迁建 收费 打捞 清淤 划转 衔接 综合 接着 予以 办完 争创 摸清 评比 选聘 兑付 办理 加固 拆分 合并 收储 划定 施划 增补 增配 充实 过渡 衬砌 清出 编成 清退 责令 轮训 遴选 公开 加快 加大 加速 加密 加紧 推动 推进 推广 推行 推出 推荐 支持 支撑 鼓励 引导 建立 建设 建成 建好 完善 健全 优化 强化 深化 细化 提升 提高
提供 提请 提前 提出 提质 开展 开发 开通 开放 开工 开设 开始 开启 落实 落地 落细 探索 研究 研判 研制 研发 制定 制订 制作 出台 组织 组建 指导 督促 督导 督查 培育 培养
培训 打造 打通 打破 构建 构筑 促进 促成 促使 扩大 扩建 扩容 拓展 拓宽 积极 进一 进行 持续 继续 不断 努力 全力 全面 全程 全速 切实 着力 着手 着重 大力 做好 做强
做优 做大 做实 做细 抓好 抓紧 抓实 抓细 协调 协助 协同 配合 配备 配置 配套 统筹 统一 整合 整治 整改 整理 发挥 发布 发展 发动 坚持 坚决 注重 重点 重新 优先 适时
适当 逐步 逐项 逐年 逐一 稳步 稳妥 有序 有效 有力 有针 严格 严厉 严肃 充分 用好 用足 用活 吸引 吸纳 吸收 集聚 集中 汇聚 汇集 汇总 举办 举行 召开 实施 实行 实现 实地
启动 启用 编制 编写 编印 修订 修改 修缮 修复 修建 梳理 公布 公开 公示 印发 宣传 检查 检测 治理 改造 改进 改善 改革 改建 更新 更换 更好 更加 新建 新增 新设 新开 增设 增加 增强
增派 增开 设立 设置 设计 安排 安装 争取 力争 申报 申请 报送 报请 提交 纳入 列入 列为 完成 确保 确定 保障 保证 保持 维护 维修 规范 规划 监督 监管 监测 巡查 排查 评估
评审 评选 考核 考虑 跟踪 跟进 反馈 对接 对标 对照 联系 联合 联动 沟通 邀请 走访 调研 调查 调整 调动 调度 论证 试点 试行 复制 普及 应用 搭建 布局 布设 谋划 部署 形成
助力 助推 赋能 激发 激励 释放 畅通 破解 破除 解决 化解 缓解 降低 减少 减轻 减免 防范 防止 杜绝 依法 依托 依规 依据 定期 定向 定点 及时 尽快 尽早 尽力 尽量 早日 会同 牵头 参与 参照
参考 借鉴 借助 学习 听取 征求 征集 采纳 采取 采用 创新 创建 创造 突破 攻关 转化 转变 引进 引入 招聘 招募 选派 选择 选取 聘请 通过 围绕 结合 按照 按期 按时 按规 根据 针对 聚焦
聚力 面向 立足 利用 运用 依照 遵循 瞄准 紧扣 紧紧 紧盯 密切 认真 深入 深挖 高度 高质 高标 高效 科学 合理 精准 精心 精细 主动 率先 带动 带头 扎实 切实 务实 同步 同时 一并 一如 一体 分类 分批 分步
分期 分阶 分区 如期 视情 择机 择优 酌情 循序 多措 多渠 多方 多维 广泛 常态 长期 全市 继而 再次 再增 追加 补充 补种 补齐 补足 补助 补贴 投入 投放 投用 拨付 给予 赋予 授权 试验 示范 遴选 筛选
挖掘 盘活 腾退 收集 收回 回收 回应 回访 处理 处置 查处 打击 严惩 纠正 清理 清除 取消 简化 精简 压缩 缩短 延长 延伸 扶持 资助 奖励 奖补 表彰 倾斜 兑现 贯彻 执行 履行 承担 负责 担当 把握 把好 守住
守牢 筑牢 夯实 巩固 固化 丰富 充实 壮大 拉动 撬动 盯紧 抢抓 把关 审核 审批 备案 登记 核查 核实 验收 交付 竣工 完工 通车 运营 运行 投运 上线 接入 接受 共享 共建 共同 互通 衔接 融合 嵌入 植入 导入 输送
储备 留出 预留 落成 迁移 搬迁 拆除 铺设 敷设 种植 绿化 美化 净化 亮化 疏导 疏解 疏通 分流 限制 禁止 劝导 教育 普查 摸排 摸清 摸底 起草 拟订 拟定 草拟 出版 翻译 展示 推介 营造 树立 弘扬 传承 讲好 办好 管好 建强 建优
落准 扛起 强调 倡导 号召 动员 凝聚 团结 服务 惠及 满足 适应 顺应 应对 防控 救助 帮助 帮扶 关爱 关注 关心 重视 尊重 赴各 前往 深耕 塑造 擦亮 叫响 提振 提档 扩展 覆盖 下沉 下放 下达 上报 上调 转发 转办 交办 分解 压实 明确 明晰 厘清
理顺 建章 出具 签订 签署 设定 设法 试用 使用 享受 招引 招商 招收 孵化 攻克 攻坚 升级 迭代 再造 重塑 革新 突出 侧重 倾力 竭力 奋力 大胆 大幅 勇于 敢于 善于 立即 马上 随即 首先 继承 保留 保护 开拓 丈量 互动 交流 合作 协商 洽谈 座谈 商请 商讨 会商 研讨 讨论 审议 审定 汇报 通报 报告 告知 答复 回复 说明 解释 解读 辅导 辅助 协作 配送 供应 供给 采购 购买 购置 招标 委托 邀约 约谈 问责 追责 追究 曝光 通知
`)...)

// leads are single characters that lead from 将 to a verb.
var leads = "在对与以由按为向从于同再把用使让也还都均并视就更"

// startsAct reports whether s begins with what an organ does.
func startsAct(s string) bool { return acts.opens(s) != "" }

// connectives may stand before the subject or the verb of a clause.
var connectives = lexiconOf(
	"同时", "此外", "另外", "另一方面", "一方面", "并且", "而且", "以及", "其中", "在此基础上", "与此同时", "为此", "对此", "因此", "故", "最后", "首先", "其次", "再次",
	"总之", "综上", "另", "并", "也", "还", "且", "而", "再", "则", "又", "都", "均", "更",
)

// skipConnectives returns what is left of s behind connectives.
func skipConnectives(s string) string {
	for range 3 {
		c := connectives.opens(s)
		if c == "" || startsAct(s) {
			break
		}
		s = strings.TrimPrefix(s[len(c):], "，")
	}
	return s
}

// actClause reports whether a clause says what someone does: it begins, behind
// connectives, a subject and 将 or the like, with an act.
func actClause(s string) bool {
	s = skipConnectives(s)
	if w := subjectWidth(s); w > 0 {
		s = strings.TrimPrefix(skipConnectives(s[w:]), "等")
	}
	s = skipWhen(s)
	if strings.HasPrefix(s, "将") && disposes(s) {
		return true // 将清运质量纳入考核
	}
	for _, w := range []string{"将", "拟", "会", "要", "可", "能", "来", "予以", "计划", "准备", "正", "仍", "先", "再", "去"} {
		if startsAct(s) {
			break
		}
		s = strings.TrimPrefix(s, w)
	}
	if s = skipWhen(s); startsAct(s) {
		return true
	}
	return hasAnyPrefix(s, "对", "把", "在", "以", "为", "从", "与", "向", "由", "就", "使", "让", "用", "将")
}
