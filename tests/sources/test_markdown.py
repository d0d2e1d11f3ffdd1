from __future__ import annotations

from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.models import Problem
from assistant.sources.markdown import read_okrs
from assistant.sources.records import ObjectiveRecord, TeamRecord

SHAPES = {
    "marked headings under a team and a cycle": (
        """
        # Brookfield Dairy
        ## 2026-Q3
        ### Team: Cheese Ripening
        #### Objective: Fewer wheels are thrown away
        - KR1: Wheels rejected after 12 weeks from 6 % to 3.5 %
        - KR2: Humidity alarms answered within an hour, from 55 % to 90 %
        """,
        """
        T1 Brookfield Dairy
        C2 2026-Q3
        T3 Brookfield Dairy > Cheese Ripening
        O4 Fewer wheels are thrown away | team=Cheese Ripening cycle=2026-Q3
          K5 Wheels rejected after 12 weeks from 6 % to 3.5 % | key=KR1
          K6 Humidity alarms answered within an hour, from 55 % to 90 % | key=KR2
        """,
    ),
    "numbered lists four levels deep": (
        """
        # Milk Collection
        1. Farmers are paid for what we collected
           1. Disputed litres from 1.9 % to 0.8 %
              1. Tanker Crew: Readings match the tank
                 1. Readings repeated at the dairy from 14 % to 5 %
                 2. Dipsticks replaced in 60 tanks
              2. Farm Office: Every farmer sees the reading the same day
           2. Complaints answered in 2 days, from 9
        2. Winter roads do not stop us
        """,
        """
        T1 Milk Collection
        O2 Farmers are paid for what we collected | team=Milk Collection
          K3 Disputed litres from 1.9 % to 0.8 %
          K8 Complaints answered in 2 days, from 9
        O4 Readings match the tank | team=Tanker Crew parents=[Disputed litres from 1.9 % to 0.8 %]
          K5 Readings repeated at the dairy from 14 % to 5 %
          K6 Dipsticks replaced in 60 tanks
        O7 Every farmer sees the reading the same day | team=Farm Office parents=[Disputed litres from 1.9 % to 0.8 %]
        O9 Winter roads do not stop us | team=Milk Collection
        """,
    ),
    "a sub-list under a key result that is only notes": (
        """
        ## Objective: Night shifts run without calls to the foreman
        1. Calls per night from 11 to 3
           - talk to both shifts first
           - Owner: Ines
        2. Handover sheet used on 9 of 10 nights
        """,
        """
        O1 Night shifts run without calls to the foreman
          K2 Calls per night from 11 to 3 | owner=Ines notes=[talk to both shifts first]
          K5 Handover sheet used on 9 of 10 nights
        """,
    ),
    "labels without a colon, on lines of their own": (
        """
        **Objective:** Visitors find their gate without asking
        **Key results**
        1. Questions at the info desk from 900 to 500 a day
        2. Gates reached in ten minutes: 60 % -> 75 %

        ## Goal
        A hall that smokers leave alone
        Measures
        Fines in the hall 80 -> 20
        complaints about smoke 45 -> 10
        Signs at all doors
        """,
        """
        O1 Visitors find their gate without asking
          K3 Questions at the info desk from 900 to 500 a day
          K4 Gates reached in ten minutes: 60 % -> 75 %
        O7 A hall that smokers leave alone
          K9 Fines in the hall 80 -> 20
          K10 complaints about smoke 45 -> 10
          K11 Signs at all doors
        """,
    ),
    "a heading with an article over plain items": (
        """
        ## A calmer night shift
        - fruit in all five halls
        - nurses who stay
        """,
        """
        O1 A calmer night shift
          K2 fruit in all five halls
          K3 nurses who stay
        """,
    ),
    "bold labels instead of headings": (
        """
        **Objective:** Visitors find their gate without asking

        **Key Results:**
        - Questions at the info desk from 900 to 500 a day
        - Missed flights blamed on signs from 21 to 8 a month

        **Initiatives:**
        - new signs in hall B
        - app pilot

        **Objective:** Cleaners are no longer in the way

        **Key Results:**
        1. Complaints from 40 to 10
        """,
        """
        O1 Visitors find their gate without asking | notes=[Initiatives: new signs in hall B; Initiatives: app pilot]
          K4 Questions at the info desk from 900 to 500 a day
          K5 Missed flights blamed on signs from 21 to 8 a month
        O11 Cleaners are no longer in the way
          K14 Complaints from 40 to 10
        """,
    ),
    "labels as headings of one level": (
        """
        ## Payroll
        ### Objective
        Nobody waits for a corrected payslip
        ### Key Results
        1. Corrections later than the 5th from 130 to 20
        2. Questions per 100 payslips from 4.2 to 2
        ### Notes
        - works council agreed
        """,
        """
        T1 Payroll
        O3 Nobody waits for a corrected payslip | team=Payroll notes=[Notes: works council agreed]
          K5 Corrections later than the 5th from 130 to 20
          K6 Questions per 100 payslips from 4.2 to 2
        """,
    ),
    "everything in one paragraph": (
        """
        Objective 1 - Tenants hear from us first
        KR1.1 Tenants told of a lift outage within 15 min: 20 % to 80 %
        KR1.2 Calls about known outages from 310 to 90 a week
        Owner: Femke
        Parent: Tenants stay
        """,
        """
        O1 Tenants hear from us first | key=O1 parents=[Tenants stay] owner=Femke
          K2 Tenants told of a lift outage within 15 min: 20 % to 80 % | key=KR1.1
          K3 Calls about known outages from 310 to 90 a week | key=KR1.2
        """,
    ),
    "owner lines after each key result": (
        """
        O: Seed orders arrive before sowing
        KR: Orders after 1 March from 12 % to 2 %
        Owner: Ana
        KR: Wrong varieties from 75 to 30
        Owner: Bo
        """,
        """
        O1 Seed orders arrive before sowing
          K2 Orders after 1 March from 12 % to 2 % | owner=Ana
          K4 Wrong varieties from 75 to 30 | owner=Bo
        """,
    ),
    "short markers with letters": (
        """
        O1. Pilots trust the fuel figure
          - KR1 Fuel disputes from 9 to 2 per 1,000 flights
          - KR2 Gauge checks skipped from 17 % to 3 %
        O2. Spare parts leave the shelf in an hour
          - KR1 Median from 3 h to 1 h
        """,
        """
        O1 Pilots trust the fuel figure | key=O1
          K2 Fuel disputes from 9 to 2 per 1,000 flights | key=KR1
          K3 Gauge checks skipped from 17 % to 3 % | key=KR2
        O4 Spare parts leave the shelf in an hour | key=O2
          K5 Median from 3 h to 1 h | key=KR1
        """,
    ),
    "unmarked headings over lists with figures": (
        """
        # Checkout
        ## Make paying effortless
        - Failed payments from 6 % to 3 %
        - Time to pay from 48 s to 30 s
        ## Become the first choice of families
        * Repeat baskets from 22 % to 30 %
        ## Earn trust after a mistake
        """,
        """
        T1 Checkout
        O2 Make paying effortless | team=Checkout
          K3 Failed payments from 6 % to 3 %
          K4 Time to pay from 48 s to 30 s
        O5 Become the first choice of families | team=Checkout
          K6 Repeat baskets from 22 % to 30 %
        O7 Earn trust after a mistake | team=Checkout
        """,
    ),
    "a bare topic over figures": (
        """
        # Lessons Ltd OKRs, Q1 2027
        ## Onboarding
        - Pupils who book a second lesson 38 → 50 %
        - Days to first lesson 9 → 5
        """,
        """
        C1 Q1 2027
        T1 Lessons Ltd
        O2 Onboarding | team=Lessons Ltd cycle=Q1 2027
          K3 Pupils who book a second lesson 38 → 50 %
          K4 Days to first lesson 9 → 5
        """,
    ),
    "function names over flat lists of objectives": (
        """
        # Harbour Hotels
        ## Sales
        - Win back the wedding planners
        - Sell the quiet months
        ## Marketing
        - Guests know us for the breakfast
        """,
        """
        T1 Harbour Hotels
        T2 Harbour Hotels > Sales
        O3 Win back the wedding planners | team=Sales
        O4 Sell the quiet months | team=Sales
        T5 Harbour Hotels > Marketing
        O6 Guests know us for the breakfast | team=Marketing
        """,
    ),
    "bold list items as objectives": (
        """
        ## Housekeeping
        - **Rooms are ready when guests arrive**
        - Rooms ready by 2 pm from 70 % to 92 %
        - Waiting guests from 35 to 8 a day
        - **Linen lasts**
        - Linen replaced from 4,000 to 2,500 pieces
        """,
        """
        T1 Housekeeping
        O2 Rooms are ready when guests arrive | team=Housekeeping
          K3 Rooms ready by 2 pm from 70 % to 92 %
          K4 Waiting guests from 35 to 8 a day
        O5 Linen lasts | team=Housekeeping
          K6 Linen replaced from 4,000 to 2,500 pieces
        """,
    ),
    "bullets under numbers with too little indentation": (
        """
        1. Leaks are found before the meter does
          - Night flow from 14 to 9 m³/h
          - Leaks reported by residents from 60 % to 35 %
        2. Bills can be read by anyone
          - Calls about bills from 800 to 450
        """,
        """
        O1 Leaks are found before the meter does
          K2 Night flow from 14 to 9 m³/h
          K3 Leaks reported by residents from 60 % to 35 %
        O4 Bills can be read by anyone
          K5 Calls about bills from 800 to 450
        """,
    ),
    "checkboxes, struck-out rows, tags and results": (
        """
        ## Objective: Returns do not hurt [P0] #growth
        - [x] Refund within 3 days for 95 % of returns, from 60 % => done
        - [ ] Return rate of shoes from 31 % to 24 % → 70 % achieved
        - ~~Print 10,000 new labels~~
        - [P1] Calls about returns from 220 to 100 a day (owner: Mia) [0.7]
        - Store credit chosen by ~~20 %~~ 25 % of customers @tom
        """,
        """
        O1 Returns do not hurt | tags=[P0; growth]
          K2 Refund within 3 days for 95 % of returns, from 60 % | status=done notes=[done]
          K3 Return rate of shoes from 31 % to 24 % | notes=[70 % achieved]
          K4 Print 10,000 new labels | status=dropped
          K5 Calls about returns from 220 to 100 a day | owner=Mia score=0.7 tags=[P1]
          K6 Store credit chosen by 25 % of customers | owner=tom notes=[Struck out: 20 %]
        """,
    ),
    "results on lines of their own": (
        """
        1. **Archive boxes can be found**
           1. Requests served in a day from 40 % to 75 %
              => 61 %, new shelves came late
           2. Boxes without a label from 9,000 to 2,000
              - 0.6
        """,
        """
        O1 Archive boxes can be found
          K2 Requests served in a day from 40 % to 75 % | notes=[61 %, new shelves came late]
          K4 Boxes without a label from 9,000 to 2,000 | score=0.6
        """,
    ),
    "links and emphasis keep their words": (
        """
        ### Objective: [Parents](https://intranet.example/p/1) get *one* answer
        - [Calls](https://x.example) passed on from **34 %** to `12 %`
        - <b>Replies</b> within a day: <u>50</u>&nbsp;% &rarr; 85 %
        """,
        """
        O1 Parents get one answer
          K2 Calls passed on from 34 % to 12 %
          K3 Replies within a day: 50 % → 85 %
        """,
    ),
    "all the fields": (
        """
        ## Objective: Ferries leave on time in fog
        - Owner: Signe Dahl
        - Type: Committed
        - Supports: Island traffic runs all winter; Fewer buses instead of ferries
        - Serves: KR2.1, KR2.3
        - Horizon: 2028
        - Drivers: retention, cost
        - Confidence: 0.6
        - Phase: pilot
        - Contribution: radar on two more ships
        - Cycle: 2026-Q4
        - Team: Bridge Crew
        - Status: at risk
        - Departures later than 10 min from 18 % to 9 %
        """,
        """
        O1 Ferries leave on time in fog | team=Bridge Crew cycle=2026-Q4 parents=[Island traffic runs all winter; Fewer buses instead of ferries; KR2.1; KR2.3] contribution=radar on two more ships owner=Signe Dahl horizon=2028 kind=committed phase=pilot drivers=[retention; cost] notes=[Confidence: 0.6; Status: at risk]
          K14 Departures later than 10 min from 18 % to 9 %
        """,
    ),
    "several fields in one line": (
        """
        **O2: Trees survive their first summer**
        *Owner:* Rui | *Type:* learning | *Confidence:* 5/10

        1. Dead saplings from 19 % to 10 %
        """,
        """
        O1 Trees survive their first summer | key=O2 owner=Rui kind=learning notes=[Confidence: 5/10]
          K4 Dead saplings from 19 % to 10 %
        """,
    ),
    "front matter with defaults": (
        """
        ---
        team: Grid Control
        parent team: Networks
        cycle: H1 2027
        owner: Jo
        people: 34
        budget: 1.2M
        type: committed
        ---
        # Our goals
        ## O: Households hear of an outage before they call
        - Calls in the first 10 minutes from 400 to 150
        """,
        """
        C1 H1 2027
        T1 Networks > Grid Control | people=34 | budget=1.2e+06
        O11 Households hear of an outage before they call | team=Grid Control cycle=H1 2027 owner=Jo kind=committed
          K12 Calls in the first 10 minutes from 400 to 150
        """,
    ),
    "a table with a bold objective row": (
        """
        | OKR | Owner | Status | Score |
        |---|---|---|---|
        | **Fewer test drives are cancelled** | Lea | | |
        | Cancelled by us from 12 % to 4 % | Ben | done | 0.9 |
        | ~~Loan cars at 6 sites~~ | | | |
        | **Buyers know the final price** | | | |
        | Quotes changed after signing from 8 % to 2 % | | on track | |
        """,
        """
        O3 Fewer test drives are cancelled | owner=Lea
          K4 Cancelled by us from 12 % to 4 % | owner=Ben status=done score=0.9
          K5 Loan cars at 6 sites | status=dropped
        O6 Buyers know the final price
          K7 Quotes changed after signing from 8 % to 2 % | notes=[Status: on track]
        """,
    ),
    "a table with a column each and blank cells": (
        """
        | Team | Objective | Key Result | Owner | Baseline | Target | Unit |
        |:--|:--|:--|:--|--:|--:|--|
        | Ski School | Beginners come back | Second booking | Uli | 28 | 40 | % |
        | | | NPS of children | Uli | 51 | 65 | |
        | Lifts | Queues are short | [Wait at the top lift](https://x.example) | Resi | 22 | 12 | min |
        | | No key result yet | - | - | - | - | |
        """,
        """
        O3 Beginners come back | team=Ski School owner=Uli
          K3 Second booking, from 28 % to 40 % | owner=Uli
          K4 NPS of children, from 51 to 65 | owner=Uli
        O5 Queues are short | team=Lifts owner=Resi
          K5 Wait at the top lift, from 22 min to 12 min | owner=Resi
        O6 No key result yet | team=Lifts
        """,
    ),
    "a table with several key results in one cell": (
        """
        | Objective | Key results |
        |---|---|
        | Bread is fresh at six | KR1: Late ovens from 30 to 4<br>KR2: Loaves thrown away from 9 % to 5 % |
        | Apprentices stay | Apprentices who leave from 8 to 3 |
        """,
        """
        O3 Bread is fresh at six
          K3 Late ovens from 30 to 4 | key=KR1
          K3 Loaves thrown away from 9 % to 5 % | key=KR2
        O4 Apprentices stay
          K4 Apprentices who leave from 8 to 3
        """,
    ),
    "a table with a column for each key result": (
        """
        | Goal | KR 1 | KR 2 | KR 3 |
        |---|---|---|---|
        | Claims are settled in one call | One-call claims 20 % to 45 % | Reopened claims 9 % to 6 % | |
        """,
        """
        O3 Claims are settled in one call
          K3 One-call claims 20 % to 45 %
          K3 Reopened claims 9 % to 6 %
        """,
    ),
    "a table of key results under an objective": (
        """
        ### Objective: The museum is for teenagers too
        | # | Key result | DRI | Start | Target |
        |---|---|---|---|---|
        | KR1 | Visitors aged 13 to 19 | Noor | 6 % | 11 % |
        | KR2 | Teen guides in the halls | Noor | 0 | 12 |
        """,
        """
        O1 The museum is for teenagers too
          K4 Visitors aged 13 to 19, from 6 % to 11 % | key=KR1 owner=Noor
          K5 Teen guides in the halls, from 0 to 12 | key=KR2 owner=Noor
        """,
    ),
    "a table with keys beside descriptions": (
        """
        ## 🚀 Objective 1 (Aspirational): Care is a place to stay
        **Owner**: Jonas  **Score:** 0.4

        | KR | Description | Start | Now | Target | Confidence |
        |----|-------------|-------|-----|--------|------------|
        | 1.1 | People who leave | 34 % | 30 % | 20 % | 7/10 |
        | 1.2 | Open shifts per week | 42 | | < 10 | |
        """,
        """
        O1 Care is a place to stay | key=O1 owner=Jonas kind=aspirational notes=[Score: 0.4]
          K6 People who leave, from 34 % to 20 % | key=1.1 notes=[Now: 30 %; Confidence: 7/10]
          K7 Open shifts per week, from 42 to < 10 | key=1.2
        """,
    ),
    "a table whose keys tell the rows apart": (
        """
        | ID | Text | Lead |
        |----|------|------|
        | O1 | Glass comes back whole | Ada |
        | KR1 | Broken bottles from 6 % to 2 % | Ada |
        | O2 | Drivers rest | |
        | KR1 | Shifts above 9 h from 30 to 5 | Bo |
        """,
        """
        O3 Glass comes back whole | key=O1 owner=Ada
          K4 Broken bottles from 6 % to 2 % | key=KR1 owner=Ada
        O5 Drivers rest | key=O2
          K6 Shifts above 9 h from 30 to 5 | key=KR1 owner=Bo
        """,
    ),
    "a table under an objective in its header, keys in front": (
        """
        | Objective: Glass comes back whole | | |
        |---|---|---|
        | KR1 | Broken bottles from 6 % to 2 % | 0.3 |
        | KR2 | Crates returned from 70 % to 90 % | 0.6 |
        """,
        """
        O1 Glass comes back whole
          K3 Broken bottles from 6 % to 2 % | key=KR1 score=0.3
          K4 Crates returned from 70 % to 90 % | key=KR2 score=0.6
        """,
    ),
    "a table with lists in its cells": (
        """
        | # | Objective | Key Results | Owner |
        |---|---|---|---|
        | 1 | **Glass comes back whole** | <ul><li>Broken bottles from 6 % to 2 %</li><li>Crates from 70 % to 90 %</li></ul> | Ada |
        | 2 | **Drivers rest** | 1. Shifts above 9 h from 30 to 5 2. Breaks taken on time | Bo |
        """,
        """
        O3 Glass comes back whole | key=1 owner=Ada
          K3 Broken bottles from 6 % to 2 %
          K3 Crates from 70 % to 90 %
        O4 Drivers rest | key=2 owner=Bo
          K4 Shifts above 9 h from 30 to 5
          K4 Breaks taken on time
        """,
    ),
    "two objectives in one paragraph flow, fields at the end": (
        """
        # Team Rocket

        O1: Launch weekly
        - KR1.1: Launches from 12 to 40
        O2: Land softly
        - KR2.1: Damage from 9 % to 2 %

        Owner: Jess
        Supports: Vela O1, Vela O3
        """,
        """
        T1 Rocket
        O3 Launch weekly | key=O1 team=Rocket
          K4 Launches from 12 to 40 | key=KR1.1
        O5 Land softly | key=O2 team=Rocket parents=[Vela O1, Vela O3] owner=Jess
          K6 Damage from 9 % to 2 % | key=KR2.1
        """,
    ),
    "a table as a form": (
        """
        | | |
        |---|---|
        | Objective | Divers surface with air to spare |
        | Owner | Kai |
        | KR 1 | Dives that end below 50 bar from 7 % to 2 % |
        | KR 2 | Checks done by two people from 60 % to 95 % |
        """,
        """
        O3 Divers surface with air to spare | owner=Kai
          K5 Dives that end below 50 bar from 7 % to 2 % | key=KR1
          K6 Checks done by two people from 60 % to 95 % | key=KR2
        """,
    ),
    "a table whose header is the objective": (
        """
        | **Objective: Claims letters are understood** | Owner | Status |
        |---|---|---|
        | Calls about letters from 900 to 300 | Vera | done |
        | Reading level from C1 to B1 | Vera | |
        """,
        """
        O1 Claims letters are understood
          K3 Calls about letters from 900 to 300 | owner=Vera status=done
          K4 Reading level from C1 to B1 | owner=Vera
        """,
    ),
    "a table that holds no OKRs": (
        """
        ## O: Fewer stray dogs on the ring road
        - Dogs reported from 90 to 40

        | Who | Role |
        |---|---|
        | Kim | decides |
        """,
        """
        O1 Fewer stray dogs on the ring road
          K2 Dogs reported from 90 to 40
        ! info okrs.md:4: This table has no column that is known here and was left out; name its columns 'Objective' and 'Key result' if it holds OKRs.
        """,
    ),
    "comments to the tool and to nobody": (
        """
        ## Objective: Bees survive the winter
        <!-- not yet agreed -->
        - Hives lost from 30 % to 15 % <!-- okr: ignore K3 -- counted in spring -->
        - Feed per hive known <!-- ask Lin -->
        <!-- okr: ignore K2 -- we do not know yet -->

        okr: ignore S7 -- type is not used here
        """,
        """
        O1 Bees survive the winter
          K3 Hives lost from 30 % to 15 % | notes=[okr: ignore K3 -- counted in spring]
          K4 Feed per hive known | notes=[okr: ignore K2 -- we do not know yet; okr: ignore S7 -- type is not used here]
        """,
    ),
    "dotted numbers": (
        """
        ## Fleet

        1. Vans start in the cold
        1.1 Failed starts from 40 to 10 a week
        1.2 Battery age above 5 years from 31 % to 12 %
        1.2.1 Old batteries are gone before frost
        1.2.1.1 Vans with an old battery on 1 November from 88 to 0
        """,
        """
        T1 Fleet
        O3 Vans start in the cold | team=Fleet
          K4 Failed starts from 40 to 10 a week | key=1.1
          K5 Battery age above 5 years from 31 % to 12 % | key=1.2
        O6 Old batteries are gone before frost | key=1.2.1 team=Fleet parents=[Battery age above 5 years from 31 % to 12 %]
          K7 Vans with an old battery on 1 November from 88 to 0 | key=1.2.1.1
        """,
    ),
    "a figure that looks like a dotted number": (
        """
        ## Objective: Riders like the new seats
        - 4.2 average rating in the app, from 3.6
        - 1.5 million trips without a complaint
        """,
        """
        O1 Riders like the new seats
          K2 4.2 average rating in the app, from 3.6
          K3 1.5 million trips without a complaint
        """,
    ),
    "a child objective marked inside a list": (
        """
        - O1: Shops never run out of insulin
          - KR1: Shops with less than 3 days of stock from 41 to 5
            - O1.1: Orders leave without a phone call (Team: Depot East)
              - KR1: Orders by phone from 35 % to 10 %
          - KR2: Expired packs from 2 % to 0.5 %
        """,
        """
        O1 Shops never run out of insulin | key=O1
          K2 Shops with less than 3 days of stock from 41 to 5 | key=KR1
          K5 Expired packs from 2 % to 0.5 % | key=KR2
        O3 Orders leave without a phone call | key=O1.1 team=Depot East parents=[Shops with less than 3 days of stock from 41 to 5]
          K4 Orders by phone from 35 % to 10 % | key=KR1
        """,
    ),
    "headings down to child objectives": (
        """
        # Company: Vela Rail
        ## O1: Commuters give up the car
        ### KR1: Season tickets from 40,000 to 52,000
        #### Team: Timetable
        ##### O: Connections wait for each other
        - Missed connections from 7 % to 4 %
        ### KR2: Car parks at stations empty by 20 %
        """,
        """
        T1 Vela Rail
        O2 Commuters give up the car | key=O1 team=Vela Rail
          K3 Season tickets from 40,000 to 52,000 | key=KR1
          K7 Car parks at stations empty by 20 % | key=KR2
        T4 Vela Rail > Timetable
        O5 Connections wait for each other | team=Timetable parents=[Season tickets from 40,000 to 52,000]
          K6 Missed connections from 7 % to 4 %
        """,
    ),
    "tickets as keys": (
        """
        ## Objective: [OKR-104] Tenders are won on the first round
        - OKR-105: Second rounds from 60 % to 35 %
            - Objective: Prices stand within two days
              - Quotes older than two days from 48 % to 15 %
        """,
        """
        O1 Tenders are won on the first round | key=OKR-104
          K2 Second rounds from 60 % to 35 % | key=OKR-105
        O3 Prices stand within two days | parents=[OKR-105]
          K4 Quotes older than two days from 48 % to 15 %
        """,
    ),
    "prose around marked objectives": (
        """
        # Wind Service
        We met twice. These were the points:

        - weather
        - cranes, 3 of them

        ## Why these goals matter to us
        - 40 % of our cost is waiting
        - crews are tired

        ## Objective: Crews wait less for weather
        We looked at the last winter.

        - Hours waiting per job from 9 to 5
        """,
        """
        T1 Wind Service
        O11 Crews wait less for weather | team=Wind Service notes=[We looked at the last winter.]
          K14 Hours waiting per job from 9 to 5
        """,
    ),
    "text above a list is its objective": (
        """
        # Library
        Children choose books themselves

        - Books lent to under-tens from 900 to 1,400 a month
        - Self-check used by 60 % of families, from 25 %
        """,
        """
        T1 Library
        O2 Children choose books themselves | team=Library
          K4 Books lent to under-tens from 900 to 1,400 a month
          K5 Self-check used by 60 % of families, from 25 %
        """,
    ),
    "indented by four blanks without a list": (
        """
        O: Fewer wrong turns in the warehouse

            - Walks per pick from 62 m to 45 m
            - Wrong picks from 1.1 % to 0.4 %
        """,
        """
        O1 Fewer wrong turns in the warehouse
          K3 Walks per pick from 62 m to 45 m
          K4 Wrong picks from 1.1 % to 0.4 %
        """,
    ),
    "a draft pasted into a fence": (
        """
        Please look at this:

        ```
        O: Choirs fill the small hall
        KR: Seats sold from 55 % to 80 %
        ```
        """,
        """
        O4 Choirs fill the small hall
          K5 Seats sold from 55 % to 80 %
        """,
    ),
    "HTML lists and details": (
        """
        <details>
        <summary>Objective: Bus drivers stop at every stop</summary>
        <ul>
        <li>Skipped stops from 3 % to 1 %</li>
        <li>Complaints from 70 to 30</li>
        </ul>
        </details>
        """,
        """
        O2 Bus drivers stop at every stop
          K4 Skipped stops from 3 % to 1 %
          K5 Complaints from 70 to 30
        """,
    ),
    "a quoted mail": (
        """
        > **Objective:** Mailboxes are emptied before noon
        > - Boxes emptied after noon from 28 % to 10 %
        """,
        """
        O1 Mailboxes are emptied before noon
          K2 Boxes emptied after noon from 28 % to 10 %
        """,
    ),
    "other languages": (
        """
        ## Ziel: Kunden bekommen ihr Rad am selben Tag
        - Schlüsselergebnis 1: Reparaturen am selben Tag von 45 % auf 70 %
        - Schlüsselergebnis 2: Nacharbeit von 8 % auf 4 %

        ## Objectif 2 : Les élèves lisent chaque soir
        - Résultat clé 1 : 60 % des élèves, contre 35 %
        """,
        """
        O1 Kunden bekommen ihr Rad am selben Tag
          K2 Reparaturen am selben Tag von 45 % auf 70 % | key=KR1
          K3 Nacharbeit von 8 % auf 4 % | key=KR2
        O5 Les élèves lisent chaque soir | key=O2
          K6 60 % des élèves, contre 35 % | key=KR1
        """,
    ),
    "people, budget and teams within teams": (
        """
        # Level 1: Company
        ## Company: Orla Foods
        People: 1,200
        Budget: € 4.5M
        ### Division Frozen
        #### Peas & Beans squad
        Team size: 9
        - O: Peas are frozen within two hours of the field
          - KR: Hours from field to freezer from 3.4 to 2
        """,
        """
        T2 Orla Foods | people=1200 | budget=4.5e+06
        T5 Orla Foods > Frozen
        T6 Frozen > Peas & Beans | people=9
        O8 Peas are frozen within two hours of the field | team=Peas & Beans
          K9 Hours from field to freezer from 3.4 to 2
        """,
    ),
    "offices before a text are its owner": (
        """
        ## 2026
        1. CRO: Half of new sales come from partners
           1. VP Alliances: Partners with a signed plan from 4 to 15
        """,
        """
        C1 2026
        O2 Half of new sales come from partners | cycle=2026 owner=CRO
          K3 Partners with a signed plan from 4 to 15 | owner=VP Alliances
        """,
    ),
    "a goal column beside key results is their target": (
        """
        Objective: Win hauliers in Poland

        | Key Result | Start | Goal |
        |---|---|---|
        | Win rate | 10 % | 30 % |
        """,
        """
        O1 Win hauliers in Poland
          K5 Win rate, from 10 % to 30 %
        """,
    ),
    "a goal column behind an objective column": (
        """
        | Objective | Key Result | Owner | Start | Goal |
        |---|---|---|---|---|
        | Win hauliers in Poland | Win rate | Mia | 10 % | 30 % |
        | | Share of return loads | Mia | 41 % | 55 % |
        """,
        """
        O3 Win hauliers in Poland | owner=Mia
          K3 Win rate, from 10 % to 30 % | owner=Mia
          K4 Share of return loads, from 41 % to 55 % | owner=Mia
        """,
    ),
    "a goal column of figures before the key results": (
        """
        ## Objective: Win hauliers in Poland

        | Ziel (Q3) | Metric | Baseline |
        |---|---|---|
        | 30 % | Win rate | 10 % |
        """,
        """
        O1 Win hauliers in Poland
          K5 Win rate, from 10 % to 30 %
        """,
    ),
    "a goal column of words before the key results": (
        """
        | Goal | Key Result | Target |
        |---|---|---|
        | Win hauliers in Poland | Win rate | 30 % |
        """,
        """
        O3 Win hauliers in Poland
          K3 Win rate, to 30 %
        """,
    ),
    "a goal column alone": (
        """
        | Goal | Owner |
        |---|---|
        | Win hauliers in Poland | Mia |
        """,
        """
        O3 Win hauliers in Poland | owner=Mia
        """,
    ),
    "a strike beside a box, a marker or an owner": (
        """
        ## Objective: The night line is staffed
        - [x] ~~Hire 9 people~~
        - KR2: ~~Hire 6 people~~
        - [ ] KR1: ~~Hire 5 people~~
        - **KR3:** ~~Hire 4~~
        - KR4: <del>Hire **3** drivers</del> (moved to Q4)
        - ~~Hire 12~~ @mia
        - [x] KR8: ~~Hire 20~~ Hire 30
        """,
        """
        O1 The night line is staffed
          K2 Hire 9 people | status=dropped
          K3 Hire 6 people | key=KR2 status=dropped
          K4 Hire 5 people | key=KR1 status=dropped
          K5 Hire 4 | key=KR3 status=dropped
          K6 Hire 3 drivers (moved to Q4) | key=KR4 status=dropped
          K7 Hire 12 | owner=mia status=dropped
          K8 Hire 30 | key=KR8 status=done notes=[Struck out: Hire 20]
        """,
    ),
    "strikes in cells": (
        """
        ## Objective: The night line is staffed

        | KR | Owner | Target |
        |---|---|---|
        | KR1: ~~Drivers hired~~ | ~~Mia~~ @tom | ~~20~~ 25 |
        """,
        """
        O1 The night line is staffed
          K5 Drivers hired, to 25 | key=KR1 owner=tom status=dropped
        """,
    ),
    "defaults of a section": (
        """
        ## Team: Claims North
        Cycle: 2027-Q1
        Supports: Customers stay after a claim

        - O: Calls are returned the same day
          - KR: Next-day calls from 30 % to 10 %
        - O: Letters are short
          - Supports: Claims cost less to handle
          - KR: Pages from 4 to 2
        """,
        """
        T1 Claims North
        C2 2027-Q1
        O5 Calls are returned the same day | team=Claims North cycle=2027-Q1 parents=[Customers stay after a claim]
          K6 Next-day calls from 30 % to 10 %
        O7 Letters are short | team=Claims North cycle=2027-Q1 parents=[Claims cost less to handle]
          K9 Pages from 4 to 2
        """,
    ),
}


def read(text: str) -> list[object]:
    return list(read_okrs(dedent(text).lstrip("\n"), "okrs.md"))


@pytest.mark.parametrize(("document", "expected"), SHAPES.values(), ids=SHAPES.keys())
def test_what_people_write_is_read(sketch, document, expected):
    assert sketch(read(document)) == dedent(expected).strip()


TROUBLE = {
    "a key result without an objective": (
        """
        # Team: Tow Trucks
        - KR1: Tows within 40 min from 60 % to 80 %

        ## Objective: Drivers are not left at the roadside
        - KR1: Waits above 2 h from 45 to 10
        """,
        """
        T1 Tow Trucks
        ! error okrs.md:2: The key result 'Tows within 40 min from 60 % to 80 %' stands under no objective and was left out; write its objective above it.
        O4 Drivers are not left at the roadside | team=Tow Trucks
          K5 Waits above 2 h from 45 to 10 | key=KR1
        """,
    ),
    "an empty template row": (
        """
        ## Objective 1: Cold chain holds
        - KR1: Breaks from 9 to 2
        - KR2:
        - KR3:

        ## Objective 2:
        """,
        """
        O1 Cold chain holds | key=O1
          K2 Breaks from 9 to 2 | key=KR1
        ! warning okrs.md:3: This key result has no words and was left out.
        ! warning okrs.md:4: This key result has no words and was left out.
        ! warning okrs.md:6: This objective has no words and was left out.
        """,
    ),
    "an objective that is only a number": (
        """
        ## Objective 3
        - KR1: Breaks from 9 to 2
        """,
        """
        ! warning okrs.md:1: This objective has no words; its key results were kept under 'O3'.
        O1 O3 | key=O3
          K2 Breaks from 9 to 2 | key=KR1
        """,
    ),
    "a comment that is never closed": (
        """
        ## O: Wells are clean
        - Samples above the limit from 12 to 3

        <!-- next quarter
        ## O: Pumps are quiet
        """,
        """
        O1 Wells are clean
          K2 Samples above the limit from 12 to 3
        ! error okrs.md:4: The comment that begins here is never closed, so all that follows was left out. Close it with '-->'.
        """,
    ),
    "a fence that is never closed": (
        """
        ```yaml
        O: Wells are clean
        """,
        """
        ! warning okrs.md:1: The code block that begins here is never closed, so the rest of the document stands in it. Close it with '```'.
        """,
    ),
    "front matter that is no YAML": (
        """
        ---
        team: Wells
        cycle: [2026
        ---
        ## O: Wells are clean
        - Samples above the limit from 12 to 3
        """,
        """
        ! error okrs.md:4: The front matter is not valid YAML (expected ',' or ']', but got '<stream end>') and was left out.
        O5 Wells are clean
          K6 Samples above the limit from 12 to 3
        """,
    ),
    "a score that is none": (
        """
        ## O: Wells are clean
        - Samples above the limit from 12 to 3
          - Score: green-ish
        """,
        """
        O1 Wells are clean
          K2 Samples above the limit from 12 to 3 | notes=[Score: green-ish]
        ! warning okrs.md:3: The score 'green-ish' is not one from 0 to 1, or from 0 to 100 %; it was kept as a note.
        """,
    ),
}


@pytest.mark.parametrize(("document", "expected"), TROUBLE.values(), ids=TROUBLE.keys())
def test_a_broken_piece_costs_only_itself(sketch, document, expected):
    assert sketch(read(document)) == dedent(expected).strip()


@pytest.mark.parametrize("text", ["", " \n\t\n", "---\n---\n", "# \n", "- \n  - \n", "|a|\n|-|\n"])
def test_nothing_is_made_of_nothing(text):
    assert [item for item in read_okrs(text, "okrs.md") if not isinstance(item, Problem)] == []


def test_windows_line_ends_and_invisible_characters_leave_no_trace():
    text = "\ufeff## O: Tea\u00a0keeps its\u200b scent\r\n\r\n- Returns\u2007from 9\u202f% to 4\u00a0%\r\n"
    [objective] = read_okrs(text, "okrs.md")
    assert objective.text == "Tea keeps its scent"
    assert [(item.text, item.location.line) for item in objective.key_results] == [
        ("Returns from 9 % to 4 %", 3)
    ]


PIECES = st.sampled_from(
    ["# ", "## ", "### ", "- ", "* ", "1. ", "2. ", "  - ", "    - ", "   1. ", "> ", "O: ", "O1. ", "Objective: ",
     "**Objective:** ", "KR: ", "KR1 ", "KR1.1: ", "**", "~~", "`", "[x] ", "[ ] ", "[P0] ", "(owner: Mia) ", " => done",
     " → 70 %", "@mia ", "#tag ", "Team: ", "Owner: ", "Parent: ", "Supports: O1", "Status: ", "Score: 0.7", "Cycle: 2026-Q3",
     "Key results:", "Initiatives:", "---", "===", "```", "<!-- okr: ignore K2 -- x -->", "<!--", "-->", "<br>", "<li>",
     "<details>", "\n| Objective | KR |\n|---|---|\n", "\n| OKR | Owner | |\n|-|-|-|\n", "| **a** | b |\n", "| | 4 % | 0.3 |\n",
     "| O1 | x |\n", "|", "\t", "\n", "\n\n", "\r\n", "\r", "\x0b", "\u2028", "\u00a0", "\u200b", "\u200d", "🎯", "Q3 2026", "FY26",
     "from 4 % to 8 %", "1.1 ", "1.1.1 ", "Make it so", "ship", "&amp;", "\\", "[a](b)", "![c](d)", "{}", "- - - ", "(0.7)", "["]
)  # fmt: skip
DOCUMENTS = st.one_of(
    st.text(max_size=300),
    st.lists(
        st.one_of(PIECES, st.sampled_from(["\n", "\n", " "]), st.text(max_size=8)), max_size=60
    ).map("".join),
)


@settings(max_examples=400, deadline=None)
@given(DOCUMENTS)
def test_any_text_is_read_and_every_place_exists(text):
    lines = text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    for record in read_okrs(text, "okrs.md"):
        places = [record.location]
        if isinstance(record, ObjectiveRecord):
            assert record.text.strip() == record.text != ""
            places += [item.location for item in record.key_results]
            assert all(item.text for item in record.key_results)
        assert all(place.file == "okrs.md" and 1 <= place.line <= lines for place in places)


@pytest.mark.parametrize(
    "sign", ["- ", "> ", "1. ", "# ", "**", "[", "(", "=> ", "KR1: ", "<b>", "| a ", "~~"]
)
def test_endless_repetition_is_read_in_good_time(sign):
    assert isinstance(read(sign * 3000 + "O: Make it quick"), list)


def test_a_team_of_teams_keeps_its_path():
    teams = [
        item
        for item in read("# Acre > Fields\n## O: Rain is used\n- Litres from 1 to 2")
        if isinstance(item, TeamRecord)
    ]
    assert [(team.name, team.parent) for team in teams] == [("Acre", None), ("Fields", "Acre")]
