"""Pinyin of place names for the search: full and by initials. Characters that are not listed are left out."""

from __future__ import annotations

from typing import Final

_SOUNDS: Final = (
    "qi七 san三 xia下 bu不 ye业 dong东 zhong中 feng丰 lin临 wu乌 le乐 jiu九 er二 yun云 jing京 shi什 "
    "lun仑 yi伊 ke克 ba八 gong公 lan兰 xing兴 zhun准 liang凉 qian前 le勒 bao包 hua化 bei北 qu区 shi十 "
    "zhuo卓 nan南 bo博 bu卜 yuan原 xian县 kou口 zhao召 tai台 you右 hao号 he合 tong同 hou后 hu呼 he和 "
    "ha哈 shang商 si四 hui回 gu固 guo国 tu图 tu土 di地 chang场 ban坂 ba坝 cheng城 bao堡 ta塔 hao壕 "
    "duo多 da大 tai太 tou头 gu姑 zi子 ning宁 an安 bao宝 shen审 jia家 cha察 er尔 shan山 dai岱 chuan川 "
    "zuo左 ba巴 shi市 bu布 gan干 zhuang庄 kang康 zhang张 yan彦 de德 huai怀 si思 tuo托 la拉 guai拐 dou斗 "
    "si斯 xin新 zu族 qi旗 kun昆 ming明 mu木 ji机 cun村 hang杭 lin林 ju柜 ge格 liang梁 yu榆 wu武 min民 "
    "shui水 he河 quan泉 luo洛 hao浩 hai海 nao淖 qing清 niu牛 mu牧 te特 yu玉 wang王 wa瓦 sheng生 bai白 "
    "gai盖 sheng盛 shi石 kuang矿 sha砂 ji积 fu福 yao窑 su素 hong红 han罕 yang羊 mei美 yi翼 lao老 lian联 "
    "sheng胜 hu胡 ai艾 lu芦 hua花 su苏 mao茂 ying营 sa萨 xi西 gui贵 zi资 sai赛 da达 lian连 dao道 du都 "
    "e鄂 jin金 yin银 pu铺 jin锦 zhen镇 men门 yang阳 a阿 ji际 lu陆 tao陶 ji集 huo霍 qing青 yin音 ma马 "
    "gao高 mo默 qi齐 guan关 gang岗 chang长 xi喜 ping平 wan湾 huang黄 zhou州 jie街 lu路 zhan站 guang光 "
    "fa发 yong永 he贺 heng恒 mian绵 jing井 jian碱"
)
_OF: Final = {part[-1]: part[:-1] for part in _SOUNDS.split()}


def spell_pinyin(name: str) -> tuple[str, str]:
    """Return the pinyin of a name without tones and spaces, and its initials: 包头 is (`baotou`, `bt`)."""
    sounds = [_OF[c] for c in name if c in _OF]
    return "".join(sounds), "".join(s[0] for s in sounds)
