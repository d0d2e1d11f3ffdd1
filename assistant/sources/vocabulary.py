"""The words by which people say what a line of an OKR document is.

Everything is matched without regard to case. English leads; the words that mark the structure
are also known in other languages, because a draft has to be found before it can be refused.
"""

from __future__ import annotations

from assistant.models import fold

OBJECTIVE = (
    "objectives?|obj|goal|ziel|teamziel|unternehmensziel|objectif|objetivo|obiettivo|"
    "doel|doelstelling|mål|cel|目标|目標"
)
"""Regular expression of the words that stand before an objective."""

KEY_RESULT = (
    "key[ -]?results?|schl(?:ü|ue)sselergebnis(?:se)?|schl(?:ü|ue)sselresultat|kernergebnis|"
    "r[ée]sultats?[ -]cl[ée]s?|resultados?[ -]clave|resultados?[ -]chave|risultat[oi] chiave|"
    "kernresultaat|nyckelresultat|kluczowy rezultat|关键结果|主要な成果"
)
"""Regular expression of the words that stand before a key result."""

SCOPE = (
    "company|corporate|organi[sz]ation(?:al)?|department|team|annual|yearly|quarterly|strategic|"
    "child|sub|parent|top|first|second|third"
)
"""Regular expression of the words that may qualify an objective: ``Team objective 2``."""

UNIT = (
    "team|squad|tribe|crew|department|dept|division|business unit|unit|group|function|chapter|"
    "guild|area|region|company|organi[sz]ation|bereich|abteilung|équipe|equipe|equipo"
)
"""Regular expression of the words that stand before or behind the name of a team."""

PLAIN_UNIT = "team|squad|tribe|department|dept|division|bereich|abteilung|équipe|equipe|equipo"
"""Those of them that are no part of the name: ``Payments team`` is ``Payments``."""


def _words(text: str) -> frozenset[str]:
    return frozenset(fold(word) for word in text.split(","))


GOALS = _words("goal,ziel")
"""Headings of a column that holds objectives, or targets where another holds the elements."""

OBJECTIVES_LABELS = _words(
    "objective,objectives,okr,okrs,goal,goals,our goal,the goal,ziel,our goals,our objectives,our okrs,team okrs,"
    "team objectives,company okrs,company objectives,priorities,ziele,unsere ziele,objectifs,"
    "objetivos,obiettivi,doelen,mål,child objectives,objectives and key results,"
    "objectives & key results,team goals"
)
"""What stands over a list of objectives."""

KEY_RESULTS_LABELS = _words(
    "key results,key result,kr,krs,key-results,results,measures,metrics,how we measure,"
    "how we will measure,how we will measure it,we will measure,measured by,as measured by,"
    "success metrics,success measures,measures of success,schlüsselergebnisse,schluesselergebnisse,"
    "schlüsselergebnis,résultats clés,resultados clave,resultados-chave,risultati chiave,"
    "kernresultaten,nyckelresultat,关键结果"
)
"""What stands over a list of key results."""

ASIDES = _words(
    "initiative,initiatives,key initiatives,task,tasks,action,actions,action items,actions items,"
    "activities,projects,milestones,risks,risk,notes,note,dependencies,dependency,background,"
    "context,rationale,why,why now,why this matters,why it matters,comment,comments,agenda,"
    "attendees,links,references,retrospective,retro,lessons,lessons learned,learnings,next steps,"
    "scoring,assumptions,check-ins,check-in,updates,update,legend,introduction,resources,"
    "how to read this,how we work,out of scope,non-goals,not doing,what we will not do,open questions,"
    "questions,maßnahmen,massnahmen,initiativen,aufgaben,notizen,risiken,hintergrund,"
    "abhängigkeiten,warum,changelog,change log,history,decisions,glossary,parking lot,backlog"
)
"""What stands over a list that holds neither objectives nor key results."""

GENERIC = _words(
    "okr,okrs,objectives,objective,goals,goal,ziele,key,results,result,the,our,of,for,and,a,an,to,"
    "und,für,in,team,teams,squads,departments,department,functions,divisions,groups,company,"
    "company-wide,organisation,organization,quarterly,quarter,annual,yearly,year,cycle,period,plan,"
    "planning,plans,draft,drafts,proposal,document,doc,overview,summary,review,priorities,focus,"
    "strategy,strategic,current,next,this,level,levels,minutes,meeting,notes,template,final,"
    "status,update,all,list,table,committed,aspirational,learning,stretch,top,top-level,"
    "here,are,is,my,we,i,with,on,set,individual,v1,v2,v3,drafting,entwurf,quartal,jahr,theme,"
    "q1,q2,q3,q4,h1,h2,themes,pillar,pillars,tree,alignment,cascade,page,wip,version"
)
"""Words of a heading that name no team."""

LEVELS = _words("company,company level,organisation,organization,company-wide,corporate,group")
"""Headings that mean the top of the organisation."""

FUNCTIONS = _words(
    "sales,marketing,engineering,product,finance,people,hr,human resources,legal,support,"
    "operations,ops,design,data,security,compliance,growth,infrastructure,platform,analytics,"
    "services,service,success,experience,research,it,procurement,partnerships,community,content,"
    "communications,logistics,payments,checkout,mobile,web,quality,qa,risk,risk management,r&d,"
    "development,manufacturing,production,supply chain,retail,wholesale,international,identity,"
    "search,billing,commerce,brand,acquisition,retention,partners,recruiting,talent,training,"
    "facilities,treasury,controlling,audit,reliability,sre,devops,office,board,vertrieb,einkauf,"
    "personal,entwicklung,produkt,technik,fulfilment,fulfillment,pricing,warehouse,fleet,claims,"
    "underwriting,lending,clinical,nursing,pharmacy,admissions,enablement,insights,ecommerce,"
    "e-commerce,customer care,back office,field,tooling"
)
"""Last words of team names, as companies use them."""

VERBS = _words(
    "accelerate,achieve,activate,attract,automate,be,become,boost,bring,build,capture,clarify,close,"
    "complete,connect,convert,create,cut,decrease,delight,deliver,deploy,develop,double,drive,earn,"
    "eliminate,empower,enable,engage,ensure,enter,establish,exceed,expand,extend,finish,fix,foster,"
    "free,gain,generate,get,give,grow,halve,have,help,hire,hit,hold,implement,improve,increase,"
    "introduce,invest,keep,land,launch,lead,learn,let,lift,lower,maintain,make,master,maximise,"
    "maximize,migrate,minimise,minimize,modernise,modernize,move,offer,open,optimise,optimize,own,"
    "prepare,prevent,prove,provide,publish,put,raise,reach,rebuild,redefine,reduce,release,remove,"
    "replace,restore,retain,roll,run,save,scale,secure,sell,serve,set,shift,ship,shorten,show,"
    "simplify,solve,speed,spread,stabilise,stabilize,start,stay,stop,strengthen,support,sustain,"
    "take,train,transform,treat,triple,turn,understand,unlock,upgrade,validate,win"
)
"""Verbs that open an objective."""

FIELDS: dict[str, str] = {
    fold(name): field
    for field, names in (
        (
            "parent",
            "parent,parents,parent objective,parent objectives,parent okr,parent kr,"
            "parent key result,supports,serves,contributes to,contributing to,aligned to,"
            "aligned with,aligns to,aligns with,align to,ladders up to,ladders to,rolls up to,"
            "cascades from,cascaded from,linked to,alignment,feeds,feeds into,advances,upstream,"
            "zahlt ein auf,übergeordnetes ziel,unterstützt,belongs to",
        ),
        ("contribution", "contribution,our contribution,how we contribute,beitrag"),
        (
            "owner",
            "owner,owners,owned by,dri,lead,team lead,responsible,accountable,assignee,assigned to,"
            "who,verantwortlich,verantwortung,besitzer,responsable,objective owner,kr owner",
        ),
        ("kind", "type,kind,okr type,objective type,commitment,art,typ"),
        (
            "horizon",
            "horizon,time horizon,timeframe,time frame,due,due date,deadline,by when,until,when,"
            "target date,end date,fällig,bis,timeline",
        ),
        (
            "drivers",
            "driver,drivers,growth driver,growth drivers,value driver,value drivers,treiber",
        ),
        ("confidence", "confidence,confidence level,conf,conf.,zuversicht"),
        ("phase", "phase,stage"),
        ("cycle", "cycle,quarter,period,okr cycle,planning period,zyklus,quartal,zeitraum"),
        ("team", "team,squad,department,dept,group,function,abteilung,bereich,équipe,equipo,area"),
        ("company", "company,organisation,organization,unternehmen,firma"),
        ("status", "status,state,rag,health"),
        ("score", "score,grade,final score,okr score,grading,rating,bewertung,result score"),
        ("progress", "progress,actual,actuals,achieved,current progress,so far,fortschritt"),
        ("tags", "tag,tags,label,labels,priority,prio,theme,category"),
        ("key", "id,key,ref,reference,no,no.,nr,nr.,#,number,code,okr id"),
        (
            "baseline",
            "baseline,start,start value,starting value,starting point,initial,initial value,from,"
            "current,current value,today,as is,as-is,ausgangswert,ist,startwert",
        ),
        ("target", "target,target value,to,goal value,to be,to-be,zielwert,soll,end value"),
        ("unit", "unit,units,uom,einheit"),
        ("metric", "metric,measure,kpi,indicator,kennzahl"),
        ("notes", "note,notes,comment,comments,remark,remarks,kommentar,bemerkung"),
        ("level", "level,ebene"),
        ("people", "people,headcount,team size,size,fte,ftes,members"),
        ("budget", "budget"),
        ("parent_team", "parent team,reports to,part of,above"),
    )
    for name in names.split(",")
}
"""Names of fields, folded, with the field that they set."""

DONE = (
    "done|completed?|achieved|finished|reached|met|shipped|delivered|closed|hit|erledigt|erreicht|"
    "fertig|abgeschlossen"
)
DROPPED = (
    "dropped|cancell?ed|abandoned|descoped|de-scoped|postponed|deferred|withdrawn|won't do|"
    "deprioriti[sz]ed|gestrichen|verworfen|abgebrochen"
)
PENDING = (
    "on track|on-track|at risk|at-risk|off track|off-track|in progress|in-progress|not started|"
    "not done|not met|not achieved|not reached|not yet|missed|failed|partially|partly|partial|"
    "almost|nearly|mostly|wip|todo|to do|blocked|behind|ahead|delayed|on hold|ongoing|started|"
    "pending|green|amber|yellow|red|offen|in arbeit|carried over|rolled over|exceeded"
)
"""Regular expressions of the words by which people report how far something has come."""
